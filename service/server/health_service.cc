// SPDX-License-Identifier: Apache-2.0
#include "service/server/health_service.h"

#include <optional>
#include <utility>

namespace provisioning {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// One Watch call: writes the status whenever it is another one than was written
// last, one write at a time. Owns itself: goes in OnDone. All but the constructor and
// the reactions with the statuses' mutex held.
class HealthWatchReactor final : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  HealthWatchReactor(HealthStatuses& statuses, std::string service)
      : statuses_(statuses), service_(std::move(service)) {
    std::lock_guard lock(statuses_.mutex_);
    statuses_.watches_.insert(this);
    Advance();
  }

  // Writes or ends, if there is reason to and nothing is under way.
  void Advance() {
    if (writing_ || finished_) return;
    const HealthCheckResponse::ServingStatus now = Now();
    if (cancelled_) {
      End(grpc::Status::CANCELLED);
    } else if (now != written_) {
      written_ = now;
      writing_ = true;
      response_.set_status(now);
      StartWrite(&response_);
    } else if (statuses_.ended_) {
      End({grpc::StatusCode::UNAVAILABLE, "the server is shutting down"});
    }
  }

  void OnWriteDone(bool ok) override {
    std::lock_guard lock(statuses_.mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
    Advance();
  }
  void OnCancel() override {
    std::lock_guard lock(statuses_.mutex_);
    cancelled_ = true;
    Advance();
  }
  void OnDone() override {
    {
      std::lock_guard lock(statuses_.mutex_);
      statuses_.watches_.erase(this);
    }
    delete this;
  }

 private:
  // A service may be added later, says the protocol, so this is no error.
  HealthCheckResponse::ServingStatus Now() const {
    const auto found = statuses_.statuses_.find(service_);
    return found == statuses_.statuses_.end() ? HealthCheckResponse::SERVICE_UNKNOWN
                                              : found->second;
  }
  void End(const grpc::Status& status) {
    finished_ = true;
    Finish(status);
  }

  HealthStatuses& statuses_;
  const std::string service_;
  HealthCheckResponse response_;
  std::optional<HealthCheckResponse::ServingStatus> written_;
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

HealthStatuses::HealthStatuses(std::vector<std::string> names) {
  for (std::string& name : names) statuses_[std::move(name)] = HealthCheckResponse::NOT_SERVING;
  statuses_[HealthService::liveness] = HealthCheckResponse::SERVING;
}

void HealthStatuses::SetListening() {
  std::lock_guard lock(mutex_);
  listening_ = true;
  Update();
}

void HealthStatuses::SetReady(bool ready) {
  std::lock_guard lock(mutex_);
  ready_ = ready;
  Update();
}

void HealthStatuses::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  Update();
}

void HealthStatuses::Update() {
  const bool serving = listening_ && ready_ && !stopped_;
  for (auto& [name, status] : statuses_) {
    if (name == HealthService::liveness) continue;
    status = serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  }
  for (HealthWatchReactor* watch : watches_) watch->Advance();
}

void HealthStatuses::EndWatches() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  for (HealthWatchReactor* watch : watches_) watch->Advance();
}

bool HealthStatuses::serving() const {
  std::lock_guard lock(mutex_);
  const auto server = statuses_.find("");
  return server != statuses_.end() && server->second == HealthCheckResponse::SERVING;
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context,
                                               const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  std::lock_guard lock(statuses_.mutex_);
  const auto found = statuses_.statuses_.find(request->service());
  if (found == statuses_.statuses_.end()) {
    reactor->Finish({grpc::StatusCode::NOT_FOUND, "no such service"});
  } else {
    response->set_status(found->second);
    reactor->Finish(grpc::Status::OK);
  }
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(
    grpc::CallbackServerContext* /*context*/, const HealthCheckRequest* request) {
  return new HealthWatchReactor(statuses_, request->service());
}

}  // namespace provisioning
