// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace provisioning {

// How long to wait before the next try: twice as long each time, each between
// half and all of that at random, so that callers who were cut off together do
// not come back together.
class Backoff {
 public:
  Backoff(absl::Duration first, absl::Duration longest, std::uint64_t seed)
      : first_(first), longest_(longest), next_(first), random_(seed) {}

  absl::Duration Next();
  // After something went well.
  void Reset() { next_ = first_; }

 private:
  const absl::Duration first_;
  const absl::Duration longest_;
  absl::Duration next_;
  std::mt19937_64 random_;
};

}  // namespace provisioning
