// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/outage.h"

namespace provisioning {
namespace {

constexpr std::chrono::milliseconds pause(500);

}  // namespace

absl::Status Outage::Check() {
  std::lock_guard lock(mutex_);
  if (why_.ok()) return why_;
  const Time now = now_();
  if (now < next_try_) return why_;
  next_try_ = now + pause;
  return absl::OkStatus();
}

bool Outage::away() const {
  std::lock_guard lock(mutex_);
  return !why_.ok();
}

void Outage::Begin(const absl::Status& why) {
  {
    std::lock_guard lock(mutex_);
    next_try_ = now_() + pause;
    if (!why_.ok()) return;
    why_ = why;
  }
  if (tell_) tell_(why);
}

void Outage::End() {
  {
    std::lock_guard lock(mutex_);
    if (why_.ok()) return;
    why_ = absl::OkStatus();
  }
  if (tell_) tell_(absl::OkStatus());
}

void Outage::Note(const absl::Status& error) const {
  if (tell_) tell_(error);
}

}  // namespace provisioning
