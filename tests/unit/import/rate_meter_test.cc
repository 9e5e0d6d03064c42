// SPDX-License-Identifier: Apache-2.0
#include "service/import/rate_meter.h"

#include "gtest/gtest.h"

namespace provisioning {
namespace {

const absl::Time start = absl::FromUnixSeconds(1'790'000'000);

TEST(RateMeterTest, FirstLookHasNoRate) {
  RateMeter meter;
  EXPECT_EQ(meter.Update(start, 1000), 0);
  EXPECT_EQ(meter.Update(start, 2000), 0) << "no time has passed";
}

TEST(RateMeterTest, CountsPerSecond) {
  RateMeter meter;
  meter.Update(start, 100);
  EXPECT_DOUBLE_EQ(meter.Update(start + absl::Milliseconds(500), 150), 100);
  EXPECT_DOUBLE_EQ(meter.Update(start + absl::Seconds(2), 500), 200);
}

TEST(RateMeterTest, ForgetsWhatIsLongAgo) {
  RateMeter meter;
  // Fast for ten seconds, then slow.
  std::int64_t count = 0;
  for (int second = 0; second < 10; ++second) {
    meter.Update(start + absl::Seconds(second), count += 1000);
  }
  double rate = 0;
  for (int second = 10; second < 20; ++second) {
    rate = meter.Update(start + absl::Seconds(second), count += 10);
  }
  EXPECT_DOUBLE_EQ(rate, 10);
}

TEST(RateMeterTest, StallsToZero) {
  RateMeter meter;
  double rate = 0;
  for (int second = 0; second < 10; ++second) {
    rate = meter.Update(start + absl::Seconds(second), second == 0 ? 0 : 500);
  }
  EXPECT_EQ(rate, 0);
}

TEST(RateMeterTest, SeldomLooksStillHaveARate) {
  RateMeter meter;
  meter.Update(start, 0);
  meter.Update(start + absl::Minutes(1), 60);
  EXPECT_DOUBLE_EQ(meter.Update(start + absl::Minutes(2), 180), 2);
}

TEST(RateMeterTest, ClockThatGoesBackBeginsAnew) {
  RateMeter meter;
  meter.Update(start, 0);
  meter.Update(start + absl::Seconds(1), 100);
  const absl::Time back = start - absl::Hours(24 * 365);
  EXPECT_EQ(meter.Update(back, 200), 0);
  EXPECT_DOUBLE_EQ(meter.Update(back + absl::Seconds(1), 210), 10);
}

}  // namespace
}  // namespace provisioning
