// SPDX-License-Identifier: Apache-2.0
// Streams from which nothing comes any more.
#include <cstdint>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/poll_until.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

constexpr int idle_ticks = 3;

class IdleStreamTest : public ImportFixture {
 protected:
  IdleStreamTest() { Limit(idle_ticks); }

  void Limit(int ticks) {
    ImportCoreOptions options;
    options.progress_interval = absl::ZeroDuration();
    options.idle_ticks_max = ticks;
    SetOptions(options);
  }
  void Tick(int count) {
    for (int i = 0; i < count; ++i) core().Tick();
  }
  // The caller has said that it took them; some ticks pass.
  void WaitForResultsTaken(StreamCaller& caller, std::size_t count) {
    caller.WaitForResults(count);
    EXPECT_TRUE(PollUntil([&] {
      core().Tick();
      const auto progress = caller.progress();
      return !progress.empty() && progress.back().waiting.sending == 0 &&
             progress.back().rows.total() == static_cast<std::int64_t>(count);
    }));
  }
  // Ten rows are answered, and it takes no answer.
  void BeginWithoutReading(StreamCaller& caller) {
    caller.Read(false);
    caller.Start(GeneratingStart());
    caller.SendRows(MakeRows(1, 10));
    caller.WaitForResults(10);
  }
  static void ExpectIdle(StreamCaller& caller) {
    EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kStreamIdle);
  }
  static void ExpectGoesOn(StreamCaller& caller) {
    caller.End();
    caller.Close();
    EXPECT_TRUE(caller.Wait().ok()) << caller.Wait();
  }
};

TEST_F(IdleStreamTest, WithoutAnyMessageItEnds) {
  StreamCaller caller(core());
  Tick(idle_ticks);
  ExpectIdle(caller);
  EXPECT_EQ(caller.settled_at_end(), -1);
}

TEST_F(IdleStreamTest, BehindItsStartItEnds) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  Tick(idle_ticks);
  ExpectIdle(caller);
  EXPECT_EQ(caller.settled_at_end(), 0);
}

TEST_F(IdleStreamTest, WhatWasAnsweredIsSettledAndTheImportGoesOn) {
  const StreamStart start = GeneratingStart();
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 10));
    WaitForResultsTaken(caller, 10);
    Tick(idle_ticks);
    ExpectIdle(caller);
    EXPECT_EQ(caller.settled_at_end(), 10);
  }
  const Answers answers = Import(start, MakeRows(11, 20));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(11, 20));
}

TEST_F(IdleStreamTest, ValidationEndsAlike) {
  StreamStart start = GeneratingStart();
  start.validate_only = true;
  StreamCaller caller(core());
  caller.Start(start);
  caller.SendRows(MakeRows(1, 10));
  WaitForResultsTaken(caller, 10);
  Tick(idle_ticks);
  ExpectIdle(caller);
}

TEST_F(IdleStreamTest, EveryMessageBeginsTheTimeAnew) {
  StreamCaller caller(core());
  Tick(idle_ticks - 1);
  caller.Start(GeneratingStart());
  for (int i = 0; i < 5; ++i) {
    Tick(idle_ticks - 1);
    caller.SendRows({});
  }
  ExpectGoesOn(caller);
}

TEST_F(IdleStreamTest, ItIsNotIdleWhileItWaitsForTheStore) {
  WatchedStore* watched = nullptr;
  WrapStore([&watched](IdentityStore& store) {
    auto made = std::make_unique<WatchedStore>(store);
    watched = made.get();
    return made;
  });
  StreamCaller caller(core());
  watched->HoldCommits();
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 10));
  watched->WaitForHeldCommit();
  Tick(10 * idle_ticks);
  watched->ReleaseCommits();
  caller.WaitForResults(10);
  ExpectGoesOn(caller);
}

TEST_F(IdleStreamTest, ItIsNotIdleWhileResultsAreNotRead) {
  StreamCaller caller(core());
  BeginWithoutReading(caller);
  Tick(10 * idle_ticks);
  caller.Read(true);
  Tick(idle_ticks - 1);
  ExpectGoesOn(caller);
}

TEST_F(IdleStreamTest, OnceResultsAreReadItsTimeRuns) {
  StreamCaller caller(core());
  BeginWithoutReading(caller);
  caller.Read(true);
  WaitForResultsTaken(caller, 10);
  Tick(idle_ticks);
  ExpectIdle(caller);
}

TEST_F(IdleStreamTest, BehindTheEndItCompletes) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.End();
  Tick(idle_ticks);
  EXPECT_TRUE(caller.Wait().ok());
}

TEST_F(IdleStreamTest, WithoutALimitItMayWaitForEver) {
  Limit(0);
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  Tick(10'000);
  ExpectGoesOn(caller);
}

}  // namespace
}  // namespace provisioning
