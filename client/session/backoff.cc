// SPDX-License-Identifier: Apache-2.0
#include "client/session/backoff.h"

#include <algorithm>

namespace provisioning {

absl::Duration Backoff::Next() {
  const absl::Duration full = next_;
  next_ = std::min(2 * next_, longest_);
  return full * std::uniform_real_distribution<double>(0.5, 1.0)(random_);
}

}  // namespace provisioning
