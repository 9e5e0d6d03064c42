// SPDX-License-Identifier: Apache-2.0
#include "tests/load/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(LatencyHistogramTest, EveryDurationIsAtMostOnePercentOff) {
  for (double microseconds = 1; microseconds < 3.6e9; microseconds *= 1.0037) {
    const absl::Duration duration = absl::Nanoseconds(std::llround(microseconds * 1000));
    LatencyHistogram histogram;
    // Two more, so that the smallest and the largest do not give it away.
    histogram.Record(absl::ZeroDuration());
    histogram.Record(duration);
    histogram.Record(LatencyHistogram::max);
    const double read = absl::FDivDuration(histogram.Percentile(50), duration);
    ASSERT_NEAR(read, 1, 0.01) << duration;
  }
}

TEST(LatencyHistogramTest, PercentilesAreThoseOfTheSortedDurations) {
  std::mt19937_64 random(5);
  std::lognormal_distribution<double> milliseconds(2, 1.5);
  LatencyHistogram histogram;
  std::vector<double> all;
  for (int i = 0; i < 20'000; ++i) {
    all.push_back(milliseconds(random));
    histogram.Record(absl::Milliseconds(all.back()));
  }
  std::ranges::sort(all);
  for (const double percent : {0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * 20'000 - 1e-6));
    const double read = absl::ToDoubleMilliseconds(histogram.Percentile(percent));
    EXPECT_NEAR(read / all[rank - 1], 1, 0.01) << percent;
  }
}

TEST(LatencyHistogramTest, SmallestLargestAndMeanAreExact) {
  LatencyHistogram histogram;
  for (const int microseconds : {1001, 5003, 9006}) {
    histogram.Record(absl::Microseconds(microseconds));
  }
  EXPECT_EQ(histogram.count(), 3);
  EXPECT_EQ(histogram.smallest(), absl::Microseconds(1001));
  EXPECT_EQ(histogram.largest(), absl::Microseconds(9006));
  EXPECT_NEAR(absl::ToDoubleMicroseconds(histogram.mean()), 15010.0 / 3, 0.001);
  EXPECT_NEAR(absl::ToDoubleMicroseconds(histogram.Percentile(0)), 1001, 10);
  EXPECT_NEAR(absl::ToDoubleMicroseconds(histogram.Percentile(100)), 9006, 90);
}

TEST(LatencyHistogramTest, NothingRecordedIsZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Percentile(99), absl::ZeroDuration());
  EXPECT_EQ(histogram.mean(), absl::ZeroDuration());
  EXPECT_EQ(histogram.smallest(), absl::ZeroDuration());
}

TEST(LatencyHistogramTest, WhatIsOutOfRangeCountsAtItsEnd) {
  LatencyHistogram histogram;
  histogram.Record(absl::Nanoseconds(-5));
  histogram.Record(absl::Hours(2));
  EXPECT_EQ(histogram.count(), 2);
  EXPECT_EQ(histogram.smallest(), absl::ZeroDuration());
  EXPECT_EQ(histogram.largest(), LatencyHistogram::max);
}

TEST(LatencyHistogramTest, MergedAsIfRecordedInOne) {
  std::mt19937_64 random(6);
  LatencyHistogram first;
  LatencyHistogram second;
  LatencyHistogram both;
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration duration = absl::Nanoseconds(random() % 1'000'000'000);
    (i % 3 == 0 ? first : second).Record(duration);
    both.Record(duration);
  }
  LatencyHistogram merged;
  merged.Merge(LatencyHistogram());
  merged.Merge(first);
  merged.Merge(second);
  EXPECT_EQ(merged.count(), 1000);
  EXPECT_EQ(merged.smallest(), both.smallest());
  EXPECT_EQ(merged.largest(), both.largest());
  for (const double percent : {1.0, 50.0, 99.0}) {
    EXPECT_EQ(merged.Percentile(percent), both.Percentile(percent));
  }
}

TEST(LatencyHistogramTest, RowsThatAreMissingAreSlowerThanAny) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 90; ++i) histogram.Record(absl::Milliseconds(i));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(*histogram.PercentileAmong(90, 100)), 90, 0.9);
  EXPECT_EQ(histogram.PercentileAmong(91, 100), std::nullopt);
}

TEST(LatencyHistogramTest, CountsThroughABound) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.Record(absl::Milliseconds(i));
  EXPECT_EQ(histogram.CountThrough(absl::Microseconds(500)), 0);
  EXPECT_THAT(histogram.CountThrough(absl::Milliseconds(50)),
              testing::AllOf(testing::Ge(49), testing::Le(51)));
  EXPECT_EQ(histogram.CountThrough(absl::Seconds(1)), 100);
}

}  // namespace
}  // namespace provisioning
