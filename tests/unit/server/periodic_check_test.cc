// SPDX-License-Identifier: Apache-2.0
#include "service/server/periodic_check.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

TEST(PeriodicCheckTest, TellsChangesAlone) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<absl::Status> told;
  int checks = 0;  // Guarded by mutex.
  bool away = false;
  const absl::Status gone = absl::UnavailableError("away");
  PeriodicCheck periodic(
      [&] {
        std::lock_guard lock(mutex);
        ++checks;
        changed.notify_all();
        return away ? gone : absl::OkStatus();
      },
      [&](const absl::Status& status) {
        std::lock_guard lock(mutex);
        told.push_back(status);
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
  EXPECT_TRUE(periodic.ok());
  EXPECT_THAT(wait_for_checks(true), ElementsAre(gone));
  EXPECT_FALSE(periodic.ok());
  EXPECT_THAT(wait_for_checks(false), ElementsAre(gone, absl::OkStatus()));
  EXPECT_TRUE(periodic.ok());
}

TEST(PeriodicCheckTest, TellsAnotherReasonToo) {
  std::atomic<int> checks = 0;
  std::vector<std::string> told;
  std::promise<void> both;
  {
    const PeriodicCheck periodic(
        [&] { return absl::UnavailableError(++checks < 5 ? "one" : "another"); },
        [&](const absl::Status& status) {
          told.emplace_back(status.message());
          if (told.size() == 2) both.set_value();
        },
        absl::Milliseconds(1));
    both.get_future().wait();
  }
  EXPECT_THAT(told, ElementsAre("one", "another"));
}

// Without waiting for the next look.
TEST(PeriodicCheckTest, EndsAtOnce) {
  std::atomic<int> checks = 0;
  {
    const PeriodicCheck periodic(
        [&] {
          ++checks;
          return absl::OkStatus();
        },
        [](const absl::Status&) {}, absl::Hours(1));
  }
  EXPECT_LE(checks, 1);
}

}  // namespace
}  // namespace provisioning
