// SPDX-License-Identifier: Apache-2.0
#include "tests/load/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace provisioning {
namespace {

// Below 2 * steps each nanosecond has a bucket; then each doubling has `steps`
// of them, so that the middle of one is at most 1 / (2 * steps), 0.8 %, off.
constexpr int step_bits = 6;
constexpr std::int64_t steps = 1 << step_bits;
constexpr std::int64_t nanoseconds_max = 3'600'000'000'000;

constexpr std::size_t BucketOf(std::int64_t value) {
  const int width = std::bit_width(static_cast<std::uint64_t>(value));
  const int shift = std::max(0, width - step_bits - 1);
  return static_cast<std::size_t>(shift * steps + (value >> shift));
}

constexpr std::size_t bucket_count = BucketOf(nanoseconds_max) + 1;

constexpr int ShiftOf(std::size_t bucket) {
  return std::max(0, static_cast<int>(bucket / steps) - 1);
}

constexpr std::int64_t FirstOf(std::size_t bucket) {
  const int shift = ShiftOf(bucket);
  return (static_cast<std::int64_t>(bucket) - shift * steps) << shift;
}

constexpr std::int64_t LastOf(std::size_t bucket) {
  return FirstOf(bucket) + (std::int64_t{1} << ShiftOf(bucket)) - 1;
}

static_assert(FirstOf(BucketOf(1'000'000)) <= 1'000'000 &&
              LastOf(BucketOf(1'000'000)) >= 1'000'000);
static_assert(FirstOf(BucketOf(127)) == 127 && FirstOf(BucketOf(128)) == 128);

}  // namespace

void LatencyHistogram::RecordNanoseconds(std::int64_t nanoseconds) {
  const std::int64_t value = std::clamp<std::int64_t>(nanoseconds, 0, nanoseconds_max);
  if (buckets_.empty()) buckets_.resize(bucket_count);
  ++buckets_[BucketOf(value)];
  smallest_ = count_ == 0 ? value : std::min(smallest_, value);
  largest_ = std::max(largest_, value);
  sum_ += static_cast<double>(value);
  ++count_;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  if (other.count_ == 0) return;
  if (buckets_.empty()) buckets_.resize(bucket_count);
  for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
  smallest_ = count_ == 0 ? other.smallest_ : std::min(smallest_, other.smallest_);
  largest_ = std::max(largest_, other.largest_);
  sum_ += other.sum_;
  count_ += other.count_;
}

absl::Duration LatencyHistogram::mean() const {
  return absl::Nanoseconds(count_ > 0 ? sum_ / static_cast<double>(count_) : 0.0);
}

std::optional<absl::Duration> LatencyHistogram::PercentileAmong(double percent,
                                                                std::int64_t total) const {
  // The rank is rounded up, but for what a product of doubles is off.
  const double exact = percent / 100 * static_cast<double>(total);
  const auto rank = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(exact - 1e-6)));
  if (total == 0) return absl::ZeroDuration();
  if (rank > count_) return std::nullopt;
  std::int64_t seen = 0;
  std::size_t bucket = 0;
  while ((seen += buckets_[bucket]) < rank) ++bucket;
  const std::int64_t middle = (FirstOf(bucket) + LastOf(bucket)) / 2;
  return absl::Nanoseconds(std::clamp(middle, smallest_, largest_));
}

std::int64_t LatencyHistogram::CountThrough(absl::Duration duration) const {
  const std::int64_t nanoseconds = absl::ToInt64Nanoseconds(duration);
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size() && LastOf(i) <= nanoseconds; ++i) seen += buckets_[i];
  return seen;
}

}  // namespace provisioning
