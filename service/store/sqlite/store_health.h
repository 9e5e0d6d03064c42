// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>

#include "absl/status/status.h"

namespace provisioning {

// Whether the store may still be used. After an error that leaves it unknown
// what is on the disk, it may not, for good: only opening it anew, with its
// recovery, tells. Any thread.
class StoreHealth {
 public:
  // `on_broken` is called once, by the thread that calls Break() first.
  explicit StoreHealth(std::function<void(absl::Status)> on_broken);

  void Break(const absl::Status& cause);
  // Break(), if `error` says that the file or the disk is damaged.
  void Note(const absl::Status& error);
  // Not OK: kStoreUnavailable, with the cause.
  absl::Status Check() const;

 private:
  const std::function<void(absl::Status)> on_broken_;
  mutable std::mutex mutex_;
  absl::Status status_;  // Guarded by mutex_.
};

}  // namespace provisioning
