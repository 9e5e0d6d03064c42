// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/duration_text.h"

#include <gtest/gtest.h>

namespace provisioning {
namespace {

TEST(ParseDurationTest, TakesUnitsFromLargeToSmall) {
  EXPECT_EQ(ParseDuration("7d"), absl::Hours(7 * 24));
  EXPECT_EQ(ParseDuration("36h"), absl::Hours(36));
  EXPECT_EQ(ParseDuration("90m"), absl::Minutes(90));
  EXPECT_EQ(ParseDuration("45s"), absl::Seconds(45));
  EXPECT_EQ(ParseDuration("1d12h"), absl::Hours(36));
  EXPECT_EQ(ParseDuration("0s"), absl::ZeroDuration());
}

TEST(ParseDurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "7", "d", "7w", "7 d", " 7d", "7d ", "-7d", "+7d", "1.5h", "1h1d",
                           "1h1h", "7D", "99999999d", "999999999999999999999d"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(RoughDurationTextTest, ShowsOneUnit) {
  EXPECT_EQ(RoughDurationText(absl::ZeroDuration()), "1 s");
  EXPECT_EQ(RoughDurationText(absl::Seconds(119)), "119 s");
  EXPECT_EQ(RoughDurationText(absl::Seconds(150)), "3 min");
  EXPECT_EQ(RoughDurationText(absl::Minutes(119)), "119 min");
  EXPECT_EQ(RoughDurationText(absl::Minutes(150)), "3 h");
  EXPECT_EQ(RoughDurationText(absl::Hours(76)), "3 d");
}

TEST(DurationTextTest, ShowsTwoUnitsAtMost) {
  EXPECT_EQ(DurationText(absl::ZeroDuration()), "0.1 s");
  EXPECT_EQ(DurationText(absl::Milliseconds(420)), "0.4 s");
  EXPECT_EQ(DurationText(absl::Seconds(59)), "59 s");
  EXPECT_EQ(DurationText(absl::Seconds(65)), "1 min 5 s");
  EXPECT_EQ(DurationText(absl::Minutes(5)), "5 min");
  EXPECT_EQ(DurationText(absl::Seconds(3605)), "1 h");
  EXPECT_EQ(DurationText(absl::Hours(76)), "3 d 4 h");
}

TEST(DurationFlagTest, IsReadBackAsItWas) {
  for (const std::int64_t seconds : {0, 1, 59, 60, 3600, 90'061, 7 * 86'400}) {
    const absl::Duration duration = absl::Seconds(seconds);
    EXPECT_EQ(ParseDuration(DurationFlag(duration)), duration) << DurationFlag(duration);
  }
}

TEST(CountTextTest, SeparatesThousands) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1000), "1,000");
  EXPECT_EQ(CountText(1'234'567), "1,234,567");
}

}  // namespace
}  // namespace provisioning
