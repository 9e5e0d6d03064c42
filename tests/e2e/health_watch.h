// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "grpc/health/v1/health.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace provisioning {

// grpc.health.v1.Health/Watch; its stub is in no package. One thread.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service);
  // Cancels it, if it has not ended.
  ~HealthWatch();

  // Waits for the next status; nothing: the call has ended.
  std::optional<grpc::health::v1::HealthCheckResponse::ServingStatus> Next();
  // After Next said that it has ended: how.
  grpc::Status Finish();

 private:
  bool WaitForOperation();

  bool finished_ = false;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace provisioning
