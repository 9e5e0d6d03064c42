// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"

namespace provisioning {

class HealthWatchReactor;

// What health says, to any number of HealthServices. Any thread.
class HealthStatuses {
 public:
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  // The services of these names serve once SetListening was called, while the store is
  // ready, as it is at first.
  explicit HealthStatuses(std::vector<std::string> names);
  HealthStatuses(const HealthStatuses&) = delete;
  HealthStatuses& operator=(const HealthStatuses&) = delete;

  void SetListening();
  void SetReady(bool ready);
  // NOT_SERVING for good, whatever is set afterwards.
  void Stop();
  // Watches end UNAVAILABLE, once they have been told what there is to tell, and so do
  // new ones: otherwise they would hold a server's shutdown up.
  void EndWatches();
  bool serving() const;

 private:
  friend class HealthService;
  friend class HealthWatchReactor;

  // Mutex held.
  void Update();

  mutable std::mutex mutex_;
  std::map<std::string, Status, std::less<>> statuses_;  // Guarded by mutex_.
  std::set<HealthWatchReactor*> watches_;                // Guarded by mutex_.
  bool listening_ = false;                               // Guarded by mutex_.
  bool ready_ = true;                                    // Guarded by mutex_.
  bool stopped_ = false;                                 // Guarded by mutex_.
  bool ended_ = false;                                   // Guarded by mutex_.
};

// grpc.health.v1.Health. gRPC's own cannot end its watches.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // SERVING as long as somebody is there to answer, whatever the store does: for
  // probes of liveness.
  static constexpr char liveness[] = "liveness";

  // `statuses` outlives the server.
  explicit HealthService(HealthStatuses& statuses) : statuses_(statuses) {}

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  HealthStatuses& statuses_;
};

}  // namespace provisioning
