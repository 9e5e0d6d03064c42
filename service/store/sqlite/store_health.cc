// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/store_health.h"

#include <utility>

#include "service/model/error.h"
#include "service/store/sqlite/connection.h"

namespace provisioning {

StoreHealth::StoreHealth(std::function<void(absl::Status)> on_broken)
    : on_broken_(std::move(on_broken)) {}

void StoreHealth::Break(const absl::Status& cause) {
  absl::Status status;
  {
    std::lock_guard lock(mutex_);
    if (!status_.ok()) return;
    status_ = MakeError(ErrorReason::kStoreUnavailable,
                        "the store broke down: " + std::string(cause.message()));
    status = SeparateCopy(status_);
  }
  if (on_broken_) on_broken_(status);
}

void StoreHealth::Note(const absl::Status& error) {
  if (!error.ok() && !IsBusy(error) && !IsDiskFull(error)) Break(error);
}

absl::Status StoreHealth::Check() const {
  std::lock_guard lock(mutex_);
  return SeparateCopy(status_);
}

}  // namespace provisioning
