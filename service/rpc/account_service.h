// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/account/account_core.h"
#include "service/import/import_core.h"
#include "service/rpc/unary_calls.h"
#include "service/store/identity_store.h"
#include "service/trust/access_control.h"

namespace provisioning {

// provisioning.v1.ClientAccountService.
class AccountService final : public v1::ClientAccountService::CallbackService {
 public:
  // All outlive the service. `passwords` are threads for what hashes.
  struct Dependencies {
    IdentityStore& store;
    const AccountCore& accounts;
    ImportCore& imports;
    const Clock& clock;
    UnaryCalls& calls;
    UnaryCalls& passwords;
    const AccessControl& access;
  };
  explicit AccountService(const Dependencies& dependencies) : with_(dependencies) {}

  grpc::ServerUnaryReactor* GetClient(grpc::CallbackServerContext* context,
                                      const v1::GetClientRequest* request,
                                      v1::GetClientResponse* response) override;
  grpc::ServerUnaryReactor* ListClients(grpc::CallbackServerContext* context,
                                        const v1::ListClientsRequest* request,
                                        v1::ListClientsResponse* response) override;
  grpc::ServerUnaryReactor* CreateClient(grpc::CallbackServerContext* context,
                                         const v1::CreateClientRequest* request,
                                         v1::CreateClientResponse* response) override;
  grpc::ServerUnaryReactor* ActivateClient(grpc::CallbackServerContext* context,
                                           const v1::ActivateClientRequest* request,
                                           v1::ActivateClientResponse* response) override;
  grpc::ServerUnaryReactor* VerifyPassword(grpc::CallbackServerContext* context,
                                           const v1::VerifyPasswordRequest* request,
                                           v1::VerifyPasswordResponse* response) override;
  grpc::ServerUnaryReactor* ReissueTemporaryPassword(
      grpc::CallbackServerContext* context, const v1::ReissueTemporaryPasswordRequest* request,
      v1::ReissueTemporaryPasswordResponse* response) override;
  grpc::ServerUnaryReactor* DeleteClient(grpc::CallbackServerContext* context,
                                         const v1::DeleteClientRequest* request,
                                         v1::DeleteClientResponse* response) override;

 private:
  absl::Status GetClient(const v1::GetClientRequest& request, v1::GetClientResponse& response);
  absl::Status ListClients(const v1::ListClientsRequest& request,
                           v1::ListClientsResponse& response);
  absl::Status ActivateClient(const SignInRequest& sign_in, const SecretString& new_password,
                              v1::ActivateClientResponse& response);
  absl::Status VerifyPassword(const SignInRequest& sign_in, v1::VerifyPasswordResponse& response);
  absl::Status ReissueTemporaryPassword(const v1::ReissueTemporaryPasswordRequest& request,
                                        SecretString password, const Caller& caller,
                                        v1::ReissueTemporaryPasswordResponse& response);
  absl::Status DeleteClient(const v1::DeleteClientRequest& request, const Caller& caller,
                            v1::DeleteClientResponse& response);
  void ToMessage(const ClientRecord& record, v1::Client& message) const;
  HashingPool& HashingOfImports() const { return with_.imports.dependencies().hashing_pool; }

  const Dependencies with_;
};

}  // namespace provisioning
