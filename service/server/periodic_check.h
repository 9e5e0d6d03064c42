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

// Asks again and again whether something is as it should be, on a thread of its own.
class PeriodicCheck {
 public:
  // It counts as well at first. `check` may block, and is called again `interval`
  // after it has returned; the first time at once. `on_change` is told when it is
  // well again, when it fails, and when it fails for another reason.
  PeriodicCheck(std::function<absl::Status()> check,
                std::function<void(const absl::Status&)> on_change,
                absl::Duration interval = absl::Seconds(1));
  // Waits for a check that is under way.
  ~PeriodicCheck();
  PeriodicCheck(const PeriodicCheck&) = delete;
  PeriodicCheck& operator=(const PeriodicCheck&) = delete;

  // What the last check said.
  bool ok() const { return ok_; }

 private:
  void Run();

  const std::function<absl::Status()> check_;
  const std::function<void(const absl::Status&)> on_change_;
  const absl::Duration interval_;
  std::atomic<bool> ok_ = true;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace provisioning
