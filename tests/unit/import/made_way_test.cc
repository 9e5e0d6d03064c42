// SPDX-License-Identifier: Apache-2.0
// A large batch makes way for others in the middle: nothing of it is lost, doubled
// or out of order.
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

using testing::Each;

// In one commit it is several times what the store writes while others wait.
constexpr std::int64_t large_rows = 16'000;

class MadeWayTest : public ImportFixture {
 protected:
  MadeWayTest() {
    WrapStore([this](IdentityStore& store) {
      auto watched = std::make_unique<WatchedStore>(store);
      watched_ = watched.get();
      return watched;
    });
  }

  // Whose every row waits for its next commit.
  void GatherRows(StreamCaller& caller) {
    for (std::int64_t row = 1; row <= large_rows; row += 1000) {
      caller.SendRows(MakeRows(row, row + 999));
    }
    while (caller.progress().empty() || caller.progress().back().waiting.commit < large_rows) {
      core().Tick();
      std::this_thread::yield();
    }
  }

  // How often each row of a large import came to the store.
  std::map<int, int> TimesCommitted() {
    std::map<std::int64_t, int> times;
    for (const auto& row : watched_->TakeRows()) ++times[row.row_number];
    std::map<int, int> rows_by_times;
    for (const auto& [row, count] : times) {
      if (row > 1) ++rows_by_times[count];
    }
    return rows_by_times;
  }

  WatchedStore* watched_ = nullptr;
};

TEST_F(MadeWayTest, TheRestIsCommittedBehindTheOthers) {
  core();
  watched_->HoldCommits();
  StreamCaller large(core());
  large.Start(GeneratingStart());
  GatherRows(large);
  large.End();
  large.Close();
  // Others keep the store busy, one commit after another.
  std::atomic<bool> done = false;
  std::thread others([&] {
    for (int i = 0; !done; ++i) {
      std::vector<ClientRow> row;
      row.push_back(MakeRow(1, absl::StrCat("other", i)));
      EXPECT_TRUE(Import(GeneratingStart(), std::move(row)).status.ok());
    }
  });
  watched_->ReleaseCommits();
  EXPECT_TRUE(large.Wait().ok());
  done = true;
  others.join();

  const std::vector<RowResult> results = large.TakeResults();
  EXPECT_EQ(NumbersOf(results), Counting(1, large_rows));
  EXPECT_THAT(OutcomesOf(results), Each(RowOutcome::kCreated));
  for (const RowResult& result : results) {
    ASSERT_FALSE(result.temporary_password.empty()) << result.row_number;
    ASSERT_FALSE(result.replayed) << result.row_number;
  }
  const std::map<int, int> rows_by_times = TimesCommitted();
  EXPECT_GT(rows_by_times.rbegin()->first, 1) << "no batch made way: nothing was tested";
  ASSERT_TRUE(large.summary());
  EXPECT_EQ(large.summary()->rows[RowOutcome::kCreated], large_rows);
}

TEST_F(MadeWayTest, WhatWasTakenOverMeanwhileIsNotCommitted) {
  core();
  StreamStart start = GeneratingStart();
  watched_->HoldCommits();
  StreamCaller large(core());
  large.Start(start);
  GatherRows(large);
  watched_->ReleaseCommits();
  // The claim that takes it over may be what a batch makes way for.
  const Answers taken_over = Import(start, MakeRows(1, large_rows), 1000);
  EXPECT_TRUE(taken_over.status.ok()) << taken_over.status;
  EXPECT_EQ(ReasonOf(large.Wait()), ErrorReason::kTakenOver);
  const std::vector<RowResult> told = large.TakeResults();
  EXPECT_EQ(NumbersOf(told), Counting(1, static_cast<std::int64_t>(told.size())));
  EXPECT_EQ(NumbersOf(taken_over.results), Counting(1, large_rows));
}

}  // namespace
}  // namespace provisioning
