// SPDX-License-Identifier: Apache-2.0
#include "service/server/periodic_check.h"

#include <utility>

namespace provisioning {

PeriodicCheck::PeriodicCheck(std::function<absl::Status()> check,
                             std::function<void(const absl::Status&)> on_change,
                             absl::Duration interval)
    : check_(std::move(check)), on_change_(std::move(on_change)), interval_(interval) {
  thread_ = std::thread([this] { Run(); });
}

PeriodicCheck::~PeriodicCheck() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

void PeriodicCheck::Run() {
  absl::Status last;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const absl::Status status = check_();
    ok_ = status.ok();
    if (status != last) on_change_(status);
    last = status;
    lock.lock();
    stop_.wait_for(lock, absl::ToChronoMilliseconds(interval_), [this] { return stopping_; });
  }
}

}  // namespace provisioning
