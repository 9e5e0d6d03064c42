// SPDX-License-Identifier: Apache-2.0
// A caller whose right to import is taken away while a stream is open.
#include <atomic>
#include <memory>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

using testing::IsEmpty;

class RightTakenAwayTest : public ImportFixture {
 protected:
  RightTakenAwayTest() {
    WrapStore([this](IdentityStore& store) {
      auto watched = std::make_unique<WatchedStore>(store);
      watched_ = watched.get();
      return watched;
    });
    (void)core();
    start_.may_go_on = [this] {
      return allowed_ ? absl::OkStatus() : MakeError(ErrorReason::kNotAllowed, "no longer");
    };
  }

  // It has the answers to its first rows.
  void Begin(StreamCaller& caller, int rows) {
    caller.Start(start_);
    caller.SendRows(MakeRows(1, rows));
    caller.WaitForResults(rows);
  }
  void ExpectDenied(StreamCaller& caller) {
    EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kNotAllowed);
    EXPECT_FALSE(caller.summary().has_value());
  }
  ImportRecord Record() {
    return store().GetImport({start_.organization_id, start_.import_id}).value().value();
  }

  std::atomic<bool> allowed_ = true;
  StreamStart start_ = GeneratingStart();
  WatchedStore* watched_ = nullptr;
};

TEST_F(RightTakenAwayTest, EndsTheStreamAtTheNextBatch) {
  StreamCaller caller(core());
  Begin(caller, 10);
  allowed_ = false;
  caller.SendRows(MakeRows(11, 20));
  ExpectDenied(caller);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 10));
  EXPECT_EQ(caller.settled_at_end(), 10);
  EXPECT_EQ(Record().settled_through_row, 10);
}

TEST_F(RightTakenAwayTest, WhatIsBeingCommittedIsAnswered) {
  watched_->HoldCommits();
  StreamCaller caller(core());
  caller.Start(start_);
  caller.SendRows(MakeRows(1, 3));
  watched_->WaitForHeldCommit();
  caller.SendRows(MakeRows(4, 6));
  allowed_ = false;
  watched_->ReleaseCommits();
  ExpectDenied(caller);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 3));
  EXPECT_EQ(caller.settled_at_end(), 3);
  EXPECT_EQ(Record().settled_through_row, 3);
}

TEST_F(RightTakenAwayTest, TheImportStaysOpen) {
  StreamCaller caller(core());
  Begin(caller, 3);
  allowed_ = false;
  caller.End();
  caller.Close();
  ExpectDenied(caller);
  EXPECT_FALSE(Record().complete());
}

TEST_F(RightTakenAwayTest, AnotherMayGoOn) {
  StreamCaller caller(core());
  Begin(caller, 3);
  allowed_ = false;
  caller.SendRows(MakeRows(4, 6));
  ExpectDenied(caller);
  allowed_ = true;
  const Answers answers = Import(start_, MakeRows(1, 6));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 6));
  EXPECT_TRUE(Record().complete());
}

TEST_F(RightTakenAwayTest, TryingEndsToo) {
  start_.validate_only = true;
  start_.import_id = {};
  StreamCaller caller(core());
  Begin(caller, 300);
  allowed_ = false;
  watched_->TakeLookUps();
  caller.SendRows(MakeRows(301, 900));
  ExpectDenied(caller);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 300));
  EXPECT_THAT(watched_->TakeLookUps(), IsEmpty()) << "the store is not asked";
}

TEST_F(RightTakenAwayTest, ASilentStreamEnds) {
  StreamCaller caller(core());
  Begin(caller, 10);
  allowed_ = false;
  core().Tick();
  ExpectDenied(caller);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 10));
}

// Otherwise its rows would be counted for ever among what is under way.
TEST_F(RightTakenAwayTest, WhoDoesNotReadIsNotWaitedFor) {
  StreamCaller caller(core());
  caller.Read(false);
  Begin(caller, 10);
  allowed_ = false;
  for (int i = 0; i < 100; ++i) core().Tick();
  ExpectDenied(caller);
  EXPECT_EQ(core().bytes_under_way(), 0);
}

}  // namespace
}  // namespace provisioning
