// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/rpc/unary_calls.h"
#include "service/store/identity_store.h"

namespace provisioning {

// provisioning.v1.ClientAccountService.
class AccountService final : public v1::ClientAccountService::CallbackService {
 public:
  // Both outlive the service.
  AccountService(IdentityStore& store, UnaryCalls& calls) : store_(store), calls_(calls) {}

  grpc::ServerUnaryReactor* GetClient(grpc::CallbackServerContext* context,
                                      const v1::GetClientRequest* request,
                                      v1::GetClientResponse* response) override;
  grpc::ServerUnaryReactor* ListClients(grpc::CallbackServerContext* context,
                                        const v1::ListClientsRequest* request,
                                        v1::ListClientsResponse* response) override;

 private:
  absl::Status GetClient(const v1::GetClientRequest& request, v1::GetClientResponse& response);
  absl::Status ListClients(const v1::ListClientsRequest& request,
                           v1::ListClientsResponse& response);

  IdentityStore& store_;
  UnaryCalls& calls_;
};

}  // namespace provisioning
