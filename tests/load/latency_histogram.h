// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"

namespace provisioning {

// Counts durations in buckets that are narrow for short and wide for long ones:
// what it says of a duration from 0 to `max` is at most 1 % off, in constant
// memory (20 KB, taken with the first duration), however many are recorded.
// Shorter ones count as 0, longer ones as `max`. Not for several threads at once.
class LatencyHistogram {
 public:
  static constexpr absl::Duration max = absl::Hours(1);

  void Record(absl::Duration duration) { RecordNanoseconds(absl::ToInt64Nanoseconds(duration)); }
  void RecordNanoseconds(std::int64_t nanoseconds);
  void Merge(const LatencyHistogram& other);

  std::int64_t count() const { return count_; }
  // Exact. Zero: nothing was recorded.
  absl::Duration smallest() const { return absl::Nanoseconds(count_ > 0 ? smallest_ : 0); }
  absl::Duration largest() const { return absl::Nanoseconds(largest_); }
  absl::Duration mean() const;

  // The smallest duration that at least `percent` (0 to 100) of all are not
  // longer than. Zero: nothing was recorded.
  absl::Duration Percentile(double percent) const { return *PercentileAmong(percent, count_); }
  // The same among `total` durations, of which those that were not recorded are
  // longer than any. Nothing: it is one of them.
  std::optional<absl::Duration> PercentileAmong(double percent, std::int64_t total) const;
  // How many are in a bucket that ends at or below `duration`.
  std::int64_t CountThrough(absl::Duration duration) const;

 private:
  std::vector<std::int64_t> buckets_;
  std::int64_t count_ = 0;
  std::int64_t smallest_ = 0;
  std::int64_t largest_ = 0;
  double sum_ = 0;
};

}  // namespace provisioning
