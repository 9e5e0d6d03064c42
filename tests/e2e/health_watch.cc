// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/health_watch.h"

#include "tests/support/wire_bytes.h"

namespace provisioning {

HealthWatch::HealthWatch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service)
    : stub_(channel), call_(stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_)) {
  call_->StartCall(this);
  WaitForOperation();
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  call_->WriteLast(ToBytes(request), grpc::WriteOptions(), this);
  WaitForOperation();
}

HealthWatch::~HealthWatch() {
  context_.TryCancel();
  if (!finished_) (void)Finish();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

std::optional<grpc::health::v1::HealthCheckResponse::ServingStatus> HealthWatch::Next() {
  grpc::ByteBuffer bytes;
  call_->Read(&bytes, this);
  if (!WaitForOperation()) return std::nullopt;
  grpc::health::v1::HealthCheckResponse response;
  if (!FromBytes(bytes, response)) return std::nullopt;
  return response.status();
}

grpc::Status HealthWatch::Finish() {
  grpc::Status status;
  call_->Finish(&status, this);
  WaitForOperation();
  finished_ = true;
  return status;
}

bool HealthWatch::WaitForOperation() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

}  // namespace provisioning
