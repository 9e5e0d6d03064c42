// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {

// Answers as it is told, and remembers what it was asked: for answers, and losses
// of them, that a real server cannot be made to give. Any thread.
class FakeAccountService final : public v1::ClientAccountService::Service {
 public:
  // One RPC.
  template <typename Request, typename Response>
  class Rpc {
   public:
    using Handler = std::function<grpc::Status(const Request&, Response&)>;

    void Answer(Handler handler) {
      const std::lock_guard lock(mutex_);
      handler_ = std::move(handler);
    }
    std::vector<Request> seen() const {
      const std::lock_guard lock(mutex_);
      return seen_;
    }
    grpc::Status Handle(const Request& request, Response& response) {
      Handler handler;
      {
        const std::lock_guard lock(mutex_);
        seen_.push_back(request);
        handler = handler_;
      }
      return handler ? handler(request, response) : grpc::Status(grpc::UNIMPLEMENTED, "no answer");
    }

   private:
    mutable std::mutex mutex_;
    Handler handler_;            // Guarded by mutex_.
    std::vector<Request> seen_;  // Guarded by mutex_.
  };

  Rpc<v1::GetClientRequest, v1::GetClientResponse> get;
  Rpc<v1::ListClientsRequest, v1::ListClientsResponse> list;
  Rpc<v1::CreateClientRequest, v1::CreateClientResponse> create;
  Rpc<v1::ActivateClientRequest, v1::ActivateClientResponse> activate;
  Rpc<v1::VerifyPasswordRequest, v1::VerifyPasswordResponse> verify;
  Rpc<v1::ReissueTemporaryPasswordRequest, v1::ReissueTemporaryPasswordResponse> reissue;
  Rpc<v1::DeleteClientRequest, v1::DeleteClientResponse> erase;

 private:
  grpc::Status GetClient(grpc::ServerContext*, const v1::GetClientRequest* request,
                         v1::GetClientResponse* response) override {
    return get.Handle(*request, *response);
  }
  grpc::Status ListClients(grpc::ServerContext*, const v1::ListClientsRequest* request,
                           v1::ListClientsResponse* response) override {
    return list.Handle(*request, *response);
  }
  grpc::Status CreateClient(grpc::ServerContext*, const v1::CreateClientRequest* request,
                            v1::CreateClientResponse* response) override {
    return create.Handle(*request, *response);
  }
  grpc::Status ActivateClient(grpc::ServerContext*, const v1::ActivateClientRequest* request,
                              v1::ActivateClientResponse* response) override {
    return activate.Handle(*request, *response);
  }
  grpc::Status VerifyPassword(grpc::ServerContext*, const v1::VerifyPasswordRequest* request,
                              v1::VerifyPasswordResponse* response) override {
    return verify.Handle(*request, *response);
  }
  grpc::Status ReissueTemporaryPassword(grpc::ServerContext*,
                                        const v1::ReissueTemporaryPasswordRequest* request,
                                        v1::ReissueTemporaryPasswordResponse* response) override {
    return reissue.Handle(*request, *response);
  }
  grpc::Status DeleteClient(grpc::ServerContext*, const v1::DeleteClientRequest* request,
                            v1::DeleteClientResponse* response) override {
    return erase.Handle(*request, *response);
  }
};

}  // namespace provisioning
