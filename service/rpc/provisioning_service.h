// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/import/import_core.h"
#include "service/rpc/unary_calls.h"
#include "service/store/identity_store.h"
#include "service/trust/access_control.h"

namespace provisioning {

// provisioning.v1.ClientProvisioningService. ImportClients is taken as raw bytes,
// see ImportClientsReactor.
class ProvisioningService final
    : public v1::ClientProvisioningService::WithRawCallbackMethod_ImportClients<
          v1::ClientProvisioningService::WithCallbackMethod_GetImportSchema<
              v1::ClientProvisioningService::WithCallbackMethod_GetImport<
                  v1::ClientProvisioningService::WithCallbackMethod_ListImports<
                      v1::ClientProvisioningService::WithCallbackMethod_RevertImport<
                          v1::ClientProvisioningService::Service>>>>> {
 public:
  // All outlive the service.
  ProvisioningService(ImportCore& core, IdentityStore& store, UnaryCalls& calls,
                      AccessControl& access)
      : core_(core), store_(store), calls_(calls), access_(access) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ImportClients(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* GetImportSchema(grpc::CallbackServerContext* context,
                                            const v1::GetImportSchemaRequest* request,
                                            v1::GetImportSchemaResponse* response) override;
  grpc::ServerUnaryReactor* GetImport(grpc::CallbackServerContext* context,
                                      const v1::GetImportRequest* request,
                                      v1::GetImportResponse* response) override;
  grpc::ServerUnaryReactor* ListImports(grpc::CallbackServerContext* context,
                                        const v1::ListImportsRequest* request,
                                        v1::ListImportsResponse* response) override;
  grpc::ServerWriteReactor<v1::RevertImportResponse>* RevertImport(
      grpc::CallbackServerContext* context, const v1::RevertImportRequest* request) override;

 private:
  absl::Status GetImport(const v1::GetImportRequest& request, v1::GetImportResponse& response);
  absl::Status ListImports(const v1::ListImportsRequest& request,
                           v1::ListImportsResponse& response);

  ImportCore& core_;
  IdentityStore& store_;
  UnaryCalls& calls_;
  AccessControl& access_;
};

}  // namespace provisioning
