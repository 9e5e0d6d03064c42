// SPDX-License-Identifier: Apache-2.0
#include "tests/load/time_series.h"

#include <algorithm>
#include <utility>

namespace provisioning {
namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

void HalveBuckets(std::vector<TimeBucket>& buckets) {
  const std::size_t count = (buckets.size() + 1) / 2;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) buckets[i] = std::move(buckets[2 * i]);
    if (2 * i + 1 < buckets.size()) buckets[i].Merge(buckets[2 * i + 1]);
  }
  buckets.resize(count);
}

}  // namespace

void TimeBucket::Merge(const TimeBucket& later) {
  rows_due += later.rows_due;
  rows_sent += later.rows_sent;
  rows_answered += later.rows_answered;
  errors += later.errors;
  latency.Merge(later.latency);
  resident_bytes = std::max(resident_bytes, later.resident_bytes);
}

TimeBucket& TimeSeries::At(std::int64_t nanoseconds) {
  const std::int64_t second = std::max<std::int64_t>(0, nanoseconds / nanoseconds_per_second);
  while (static_cast<std::size_t>(second / bucket_seconds_) >= bucket_count_max) {
    HalveBuckets(buckets_);
    bucket_seconds_ *= 2;
  }
  const auto place = static_cast<std::size_t>(second / bucket_seconds_);
  if (place >= buckets_.size()) buckets_.resize(place + 1);
  return buckets_[place];
}

}  // namespace provisioning
