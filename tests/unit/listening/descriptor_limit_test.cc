// SPDX-License-Identifier: Apache-2.0
#include "service/listening/descriptor_limit.h"

#include <sys/resource.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

TEST(DescriptorLimitTest, SoftLimitIsRaisedToTheHardOne) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit low = limit;
  low.rlim_cur = 64;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(RaiseDescriptorLimit(), static_cast<int>(limit.rlim_max));
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

void ExpectDivided(int limit, int lowest_free, int callers_max, const DescriptorRange& probes,
                   const DescriptorRange& callers) {
  const auto ranges = DivideDescriptors(limit, lowest_free, callers_max);
  ASSERT_TRUE(ranges.ok()) << ranges.status();
  EXPECT_EQ(ranges->probes.begin, probes.begin);
  EXPECT_EQ(ranges->probes.end, probes.end);
  EXPECT_EQ(ranges->callers.begin, callers.begin);
  EXPECT_EQ(ranges->callers.end, callers.end);
}

TEST(DescriptorLimitTest, KeptBackThenProbesThenCallers) {
  ExpectDivided(10'000, 40, 2048, {104, 136}, {136, 136 + 2048});
}

TEST(DescriptorLimitTest, ZeroIsAllThatTheLimitLeaves) {
  ExpectDivided(1'000'000'000, 40, 0, {104, 136}, {136, 1'000'000'000});
}

TEST(DescriptorLimitTest, LimitBoundsCallers) {
  ExpectDivided(256, 40, 2048, {104, 136}, {136, 256});
}

TEST(DescriptorLimitTest, OfASmallRoomProbesGetAQuarter) {
  ExpectDivided(100, 35, 0, {60, 70}, {70, 100});
  ExpectDivided(40, 28, 1000, {38, 39}, {39, 40});
}

TEST(DescriptorLimitTest, NoRoomSaysWhatToDo) {
  for (const int lowest_free : {29, 40, 1000}) {
    const absl::Status status = DivideDescriptors(40, lowest_free, 0).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("raise it (ulimit -Hn)"));
  }
}

}  // namespace
}  // namespace provisioning
