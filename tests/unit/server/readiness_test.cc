// SPDX-License-Identifier: Apache-2.0
#include "service/server/readiness.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

TEST(ReadinessTest, TellsChangesAlone) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> told;
  int checks = 0;  // Guarded by mutex.
  bool away = false;
  Readiness readiness(
      [&] {
        std::lock_guard lock(mutex);
        ++checks;
        changed.notify_all();
        return away ? absl::UnavailableError("away") : absl::OkStatus();
      },
      [&](bool ready) {
        std::lock_guard lock(mutex);
        told.push_back(ready);
      },
      absl::Milliseconds(1));
  const auto wait_for_checks = [&](bool now_away) {
    std::unique_lock lock(mutex);
    away = now_away;
    // What was checked before may still be on its way to be told.
    const int enough = checks + 3;
    changed.wait(lock, [&] { return checks >= enough; });
    return told;
  };
  EXPECT_THAT(wait_for_checks(false), ElementsAre());
  EXPECT_TRUE(readiness.ready());
  EXPECT_THAT(wait_for_checks(true), ElementsAre(false));
  EXPECT_FALSE(readiness.ready());
  EXPECT_THAT(wait_for_checks(false), ElementsAre(false, true));
  EXPECT_TRUE(readiness.ready());
}

// Without waiting for the next look.
TEST(ReadinessTest, EndsAtOnce) {
  std::atomic<int> checks = 0;
  {
    const Readiness readiness(
        [&] {
          ++checks;
          return absl::OkStatus();
        },
        [](bool) {}, absl::Hours(1));
  }
  EXPECT_LE(checks, 1);
}

}  // namespace
}  // namespace provisioning
