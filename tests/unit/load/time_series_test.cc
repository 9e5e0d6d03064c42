// SPDX-License-Identifier: Apache-2.0
#include "tests/load/time_series.h"

#include "gtest/gtest.h"

namespace provisioning {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(TimeSeriesTest, OneBucketForEachSecond) {
  TimeSeries series;
  series.At(0).rows_sent += 1;
  series.At(second - 1).rows_sent += 1;
  series.At(second).rows_sent += 5;
  series.At(3 * second).rows_sent += 7;
  ASSERT_EQ(series.buckets().size(), 4U);
  EXPECT_EQ(series.bucket_seconds(), 1);
  EXPECT_EQ(series.buckets()[0].rows_sent, 2);
  EXPECT_EQ(series.buckets()[1].rows_sent, 5);
  EXPECT_EQ(series.buckets()[2].rows_sent, 0);
  EXPECT_EQ(series.buckets()[3].rows_sent, 7);
}

TEST(TimeSeriesTest, ALongRunTakesNoMoreBuckets) {
  TimeSeries series;
  const int seconds = 10'000;
  for (int i = 0; i < seconds; ++i) {
    TimeBucket& bucket = series.At(i * second);
    bucket.rows_due += 2;
    bucket.rows_answered += 1;
    bucket.resident_bytes = i;
    bucket.latency.Record(absl::Milliseconds(i % 16 == 0 ? 900 : 1));
  }
  EXPECT_EQ(series.bucket_seconds(), 16);
  ASSERT_EQ(series.buckets().size(), 625U);
  for (std::size_t i = 0; i < series.buckets().size(); ++i) {
    const TimeBucket& bucket = series.buckets()[i];
    ASSERT_EQ(bucket.rows_due, 32) << i;
    ASSERT_EQ(bucket.rows_answered, 16) << i;
    ASSERT_EQ(bucket.resident_bytes, static_cast<std::int64_t>(i) * 16 + 15);
    ASSERT_EQ(bucket.latency.count(), 16) << i;
    ASSERT_EQ(bucket.latency.largest(), absl::Milliseconds(900)) << i;
    ASSERT_NEAR(absl::ToDoubleMilliseconds(bucket.latency.Percentile(50)), 1, 0.01);
  }
}

TEST(TimeSeriesTest, AJumpInTimeMakesNoMoreBucketsThanAllowed) {
  TimeSeries series;
  series.At(0).errors = 3;
  series.At(100'000 * second).errors = 4;
  EXPECT_LE(series.buckets().size(), TimeSeries::bucket_count_max);
  EXPECT_EQ(series.buckets().front().errors, 3);
  EXPECT_EQ(series.buckets().back().errors, 4);
}

}  // namespace
}  // namespace provisioning
