// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace provisioning {

// Asks the store again and again whether it can be used, on a thread of its own.
class Readiness {
 public:
  // The store counts as ready at first. `check` may block, and is called again
  // `interval` after it has returned; the first time at once. `on_change` is called
  // when the answer is another one than before.
  Readiness(std::function<absl::Status()> check, std::function<void(bool ready)> on_change,
            absl::Duration interval = absl::Seconds(1));
  // Waits for a check that is under way.
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // What the last check said.
  bool ready() const { return ready_; }

 private:
  void Run();

  const std::function<absl::Status()> check_;
  const std::function<void(bool)> on_change_;
  const absl::Duration interval_;
  std::atomic<bool> ready_ = true;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace provisioning
