// SPDX-License-Identifier: Apache-2.0
#include "service/server/log_pace.h"

#include "gtest/gtest.h"

namespace provisioning {
namespace {

const absl::Time start = absl::FromUnixSeconds(1'790'000'000);

TEST(LogPaceTest, SoManyInAPeriodAndTheRestIsCounted) {
  LogPace pace(2, absl::Seconds(10));
  EXPECT_EQ(pace.Allow(start), 0);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(1)), 0);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(2)), std::nullopt);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(9)), std::nullopt);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(10)), 2);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(11)), 0);
  EXPECT_EQ(pace.Allow(start + absl::Seconds(12)), std::nullopt);
}

TEST(LogPaceTest, ClockThatIsSetBackSilencesNothing) {
  LogPace pace(1, absl::Seconds(10));
  EXPECT_EQ(pace.Allow(start), 0);
  EXPECT_EQ(pace.Allow(start), std::nullopt);
  EXPECT_EQ(pace.Allow(start - absl::Hours(24)), 1);
}

}  // namespace
}  // namespace provisioning
