// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace provisioning {

// Times of calls, and what went wrong.
struct CallTimes {
  std::vector<absl::Duration> times;
  std::vector<std::string> failures;

  // Of all, in order; zero: there were none.
  absl::Duration Percentile(double percent) const;
};

// An ordinary caller that imports one client after the other, on a thread of its
// own, for as long as the object lives; every eighth over a new connection.
class HealthyCaller {
 public:
  // Makes connections.
  using NewChannel = std::function<std::shared_ptr<grpc::Channel>()>;

  // `organization_id`: nobody else's.
  HealthyCaller(NewChannel new_channel, std::string organization_id);
  ~HealthyCaller();

  // Waits until so many more calls have been made.
  void WaitForCalls(std::int64_t count);
  // What was seen since the last call of it.
  CallTimes Take();

 private:
  void Run();
  // Empty: it was created.
  std::string ImportOne(const std::shared_ptr<grpc::Channel>& channel);

  const NewChannel new_channel_;
  const std::string organization_id_;
  std::int64_t rows_ = 0;  // The thread's.

  std::mutex mutex_;
  std::condition_variable changed_;
  CallTimes seen_;          // Guarded by mutex_.
  std::int64_t calls_ = 0;  // Guarded by mutex_.
  bool stopping_ = false;   // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace provisioning
