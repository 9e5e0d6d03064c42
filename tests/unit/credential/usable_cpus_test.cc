// SPDX-License-Identifier: Apache-2.0
#include "service/credential/usable_cpus.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace provisioning {
namespace {

namespace fs = std::filesystem;

TEST(CpusOfQuotaTest, AQuotaIsRoundedUp) {
  EXPECT_EQ(CpusOfQuota("200000 100000\n"), 2);
  EXPECT_EQ(CpusOfQuota("200001 100000\n"), 3);
  EXPECT_EQ(CpusOfQuota("150000 100000"), 2);
  EXPECT_EQ(CpusOfQuota("1000 100000\n"), 1);
  EXPECT_EQ(CpusOfQuota("50000 50000\n"), 1);
  EXPECT_EQ(CpusOfQuota("9000000000000000000 1"), INT32_MAX);
}

TEST(CpusOfQuotaTest, NoLimitAndNoQuotaAreNothing) {
  for (const char* text : {"max 100000\n", "max", "-1 100000", "", "\n", "0 100000", "100000",
                           "100000 0", "100000 -1", "x 1", "99999999999999999999 1"}) {
    EXPECT_EQ(CpusOfQuota(text), std::nullopt) << text;
  }
}

class CgroupCpusTest : public testing::Test {
 protected:
  CgroupCpusTest()
      : mount_(fs::path(testing::TempDir()) /
               ("cgroup-" + std::to_string(getpid()) + "-" +
                testing::UnitTest::GetInstance()->current_test_info()->name())) {}
  ~CgroupCpusTest() override { fs::remove_all(mount_); }

  void Write(const fs::path& path, std::string_view text) {
    fs::create_directories((mount_ / path).parent_path());
    std::ofstream(mount_ / path) << text;
  }

  const fs::path mount_;
};

TEST_F(CgroupCpusTest, NoFilesAreNoLimit) {
  EXPECT_EQ(CgroupCpus("0::/a/b\n", mount_), std::nullopt);
  EXPECT_EQ(CgroupCpus("", mount_), std::nullopt);
}

TEST_F(CgroupCpusTest, TheGroupsOwnQuotaCounts) {
  Write("system.slice/x.service/cpu.max", "300000 100000\n");
  EXPECT_EQ(CgroupCpus("0::/system.slice/x.service\n", mount_), 3);
  EXPECT_EQ(CgroupCpus("0::/system.slice/y.service\n", mount_), std::nullopt);
}

TEST_F(CgroupCpusTest, ATighterQuotaAboveCounts) {
  Write("a/cpu.max", "100000 100000\n");
  Write("a/b/cpu.max", "max 100000\n");
  Write("a/b/c/cpu.max", "300000 100000\n");
  EXPECT_EQ(CgroupCpus("0::/a/b/c\n", mount_), 1);
}

TEST_F(CgroupCpusTest, InAContainerTheMountIsTheGroup) {
  Write("cpu.max", "200000 100000\n");
  EXPECT_EQ(CgroupCpus("0::/\n", mount_), 2);
  EXPECT_EQ(CgroupCpus("0::/host/only/path\n", mount_), 2);
}

TEST_F(CgroupCpusTest, Version1HasTwoFiles) {
  Write("cpu/docker/cpu.cfs_quota_us", "250000\n");
  Write("cpu/docker/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(
      CgroupCpus("12:cpuset:/docker\n4:cpu,cpuacct:/docker\n1:name=systemd:/docker\n", mount_), 3);
  EXPECT_EQ(CgroupCpus("12:cpuset:/docker\n", mount_), std::nullopt);
  Write("cpu/docker/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(CgroupCpus("4:cpu,cpuacct:/docker\n", mount_), std::nullopt);
}

TEST(UsableCpusTest, FollowsTheAffinity) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_GE(UsableCpus(), 1);
  EXPECT_LE(UsableCpus(), CPU_COUNT(&before));

  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(UsableCpus(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
}

}  // namespace
}  // namespace provisioning
