// SPDX-License-Identifier: Apache-2.0
#include "service/signals/own_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(OwnProcessTest, IsThatOfThisProcess) {
  const OwnProcess status = ReadOwnProcess();
  EXPECT_GT(status.resident_bytes, 1 << 20);
  EXPECT_GT(status.virtual_bytes, status.resident_bytes);
  EXPECT_LT(status.resident_bytes, 1e12);
  EXPECT_GT(status.max_fds, status.open_fds);
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_LT(status.start_time, now + 5);
  EXPECT_GT(status.start_time, now - 24 * 3600);
}

TEST(OwnProcessTest, DescriptorsAreCounted) {
  const double before = ReadOwnProcess().open_fds;
  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(ReadOwnProcess().open_fds, before + 1);
  close(descriptor);
  EXPECT_EQ(ReadOwnProcess().open_fds, before);
}

TEST(OwnProcessTest, CpuTimeGrowsWithWork) {
  const double before = ReadOwnProcess().cpu_seconds;
  volatile unsigned sum = 0;
  while (ReadOwnProcess().cpu_seconds < before + 0.02) {
    for (unsigned i = 0; i < 100'000; ++i) sum = sum + i;
  }
  EXPECT_GE(ReadOwnProcess().cpu_seconds, before + 0.02);
}

// As provisiond is, so that it leaves no core.
TEST(OwnProcessTest, IsReadOfAProcessThatIsNotDumpable) {
  ASSERT_EQ(prctl(PR_SET_DUMPABLE, 0), 0);
  const OwnProcess status = ReadOwnProcess();
  prctl(PR_SET_DUMPABLE, 1);
  EXPECT_GT(status.open_fds, 2);
  EXPECT_GT(status.resident_bytes, 1 << 20);
}

}  // namespace
}  // namespace provisioning
