// SPDX-License-Identifier: Apache-2.0
#include "service/server/readiness.h"

#include <utility>

namespace provisioning {

Readiness::Readiness(std::function<absl::Status()> check, std::function<void(bool)> on_change,
                     absl::Duration interval)
    : check_(std::move(check)), on_change_(std::move(on_change)), interval_(interval) {
  thread_ = std::thread([this] { Run(); });
}

Readiness::~Readiness() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
}

void Readiness::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const bool ready = check_().ok();
    if (ready_.exchange(ready) != ready) on_change_(ready);
    lock.lock();
    stop_.wait_for(lock, absl::ToChronoMilliseconds(interval_), [this] { return stopping_; });
  }
}

}  // namespace provisioning
