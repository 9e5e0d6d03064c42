// SPDX-License-Identifier: Apache-2.0
#include "service/listening/descriptor_limit.h"

#include <sys/resource.h>

#include "gtest/gtest.h"

namespace provisioning {
namespace {

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

TEST(DescriptorLimitTest, PartIsKeptBack) {
  EXPECT_EQ(DescriptorsKeptBack(1'000'000), 64);
  EXPECT_EQ(DescriptorsKeptBack(256), 64);
  EXPECT_EQ(DescriptorsKeptBack(100), 25);
}

}  // namespace
}  // namespace provisioning
