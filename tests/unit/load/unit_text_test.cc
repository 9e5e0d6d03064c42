// SPDX-License-Identifier: Apache-2.0
#include "tests/load/unit_text.h"

#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(UnitTextTest, ThreeDigitsAndAFittingUnit) {
  EXPECT_EQ(LatencyText(absl::Nanoseconds(420)), "0.42 us");
  EXPECT_EQ(LatencyText(absl::Microseconds(87.34)), "87.3 us");
  EXPECT_EQ(LatencyText(absl::Nanoseconds(999'600)), "1.00 ms");
  EXPECT_EQ(LatencyText(absl::Milliseconds(512)), "512 ms");
  EXPECT_EQ(LatencyText(absl::Seconds(61)), "61.0 s");
  EXPECT_EQ(LatencyText(absl::Minutes(12)), "12.0 min");
  EXPECT_EQ(NumberText(0.416), "0.42");
  EXPECT_EQ(NumberText(51234.4), "51,234");
  EXPECT_EQ(BytesText(1536), "1.50 KiB");
  EXPECT_EQ(BytesText(3.2 * 1073741824), "3.20 GiB");
}

TEST(UnitTextTest, SomeAreNeitherNoneNorAll) {
  EXPECT_EQ(PercentText(0), "0 %");
  EXPECT_EQ(PercentText(1e-9), "under 0.0001 %");
  EXPECT_EQ(PercentText(0.00042), "0.0420 %");
  EXPECT_EQ(PercentText(0.125), "12.5 %");
  EXPECT_EQ(PercentText(0.99999), "over 99.99 %");
  EXPECT_EQ(PercentText(1), "100 %");
}

}  // namespace
}  // namespace provisioning
