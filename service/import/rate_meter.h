// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "absl/time/time.h"

namespace provisioning {

// A rate over the last seconds, from a counter that is looked at now and then.
class RateMeter {
 public:
  // Per second, since the oldest look within five seconds; 0 at first, and when
  // the clock was set back.
  double Update(absl::Time now, std::int64_t count) {
    if (!looks_.empty() && now < looks_.back().first) looks_.clear();
    looks_.emplace_back(now, count);
    while (looks_.size() > 2 && now - looks_.front().first > absl::Seconds(5)) looks_.pop_front();
    const double seconds = absl::ToDoubleSeconds(now - looks_.front().first);
    if (seconds <= 0) return 0;
    return static_cast<double>(count - looks_.front().second) / seconds;
  }

 private:
  std::deque<std::pair<absl::Time, std::int64_t>> looks_;
};

}  // namespace provisioning
