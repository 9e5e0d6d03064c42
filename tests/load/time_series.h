// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "tests/load/latency_histogram.h"

namespace provisioning {

// What happened in a stretch of time.
struct TimeBucket {
  std::int64_t rows_due = 0;
  std::int64_t rows_sent = 0;
  std::int64_t rows_answered = 0;
  std::int64_t errors = 0;
  LatencyHistogram latency;         // Of the rows that were answered.
  std::int64_t resident_bytes = 0;  // The most that was seen; 0: not sampled.

  void Merge(const TimeBucket& later);
};

// A run second by second; once there are more than bucket_count_max of them, two
// become one, so that a long run takes no more memory than a short one. Not for
// several threads at once.
class TimeSeries {
 public:
  static constexpr std::size_t bucket_count_max = 1000;

  // The bucket of what happens this many nanoseconds after the start.
  TimeBucket& At(std::int64_t nanoseconds);

  int bucket_seconds() const { return bucket_seconds_; }
  const std::vector<TimeBucket>& buckets() const { return buckets_; }

 private:
  int bucket_seconds_ = 1;
  std::vector<TimeBucket> buckets_;
};

}  // namespace provisioning
