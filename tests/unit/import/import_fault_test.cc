// SPDX-License-Identifier: Apache-2.0
// What a stream does when the store or the memory lets it down, and that what
// was begun can be finished by the next one.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/failing_store.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<ClientRow> RowsWithPasswords(std::int64_t first, std::int64_t last) {
  std::vector<ClientRow> rows = MakeRows(first, last);
  for (ClientRow& row : rows) {
    row.initial_password = SecretString(absl::StrCat("password of ", row.row_number));
  }
  return rows;
}

StreamStart AnsweredThrough(StreamStart start, std::int64_t row) {
  start.answered_through_row = row;
  return start;
}

class ImportFaultTest : public ImportFixture {
 protected:
  ImportFaultTest() {
    WrapStore([this](IdentityStore& store) {
      auto failing = std::make_unique<FailingStore>(store);
      failing_ = failing.get();
      return failing;
    });
    (void)core();
  }

  // Each row has one account, which its password opens.
  void ExpectWorkingAccounts(const std::vector<RowResult>& results) {
    RawDatabase database(database_path());
    for (const RowResult& result : results) {
      SCOPED_TRACE(result.row_number);
      EXPECT_EQ(result.outcome, RowOutcome::kCreated);
      const SecretString expected =
          result.temporary_password.empty()
              ? SecretString(absl::StrCat("password of ", result.row_number))
              : result.temporary_password.Clone();
      EXPECT_TRUE(VerifyCredential(database.CredentialOf(result.email_address), expected));
    }
  }
  void ExpectClients(const StreamStart& start, std::int64_t count) {
    EXPECT_EQ(RawDatabase(database_path()).ReadCell("SELECT count(*) FROM client"),
              absl::StrCat(count));
    const auto record = store().GetImport({start.organization_id, start.import_id});
    ASSERT_TRUE(record.ok() && *record);
    EXPECT_EQ((*record)->rows[RowOutcome::kCreated], count);
    EXPECT_EQ((*record)->rows.total(), count);
  }

  FailingStore* failing_ = nullptr;
};

TEST_F(ImportFaultTest, FullDiskEndsTheStreamAndLosesNothing) {
  const StreamStart start = GeneratingStart();
  std::vector<RowResult> results;
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 10));
    caller.WaitForResults(10);
    failing_->FailCommit(1, ErrorReason::kDiskFull, FailingStore::Fate::kNotWritten);
    caller.SendRows(MakeRows(11, 20));
    const absl::Status status = caller.Wait();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ(ReasonOf(status), ErrorReason::kDiskFull);
    EXPECT_EQ(caller.settled_at_end(), 10);
    results = caller.TakeResults();
    EXPECT_EQ(NumbersOf(results), Counting(1, 10));
  }
  Answers rest = Import(AnsweredThrough(start, 10), MakeRows(11, 25));
  ASSERT_TRUE(rest.status.ok()) << rest.status;
  EXPECT_EQ(rest.summary->replayed_rows, 0);
  std::ranges::move(rest.results, std::back_inserter(results));
  EXPECT_EQ(NumbersOf(results), Counting(1, 25));
  ExpectWorkingAccounts(results);
  ExpectClients(start, 25);
}

class UnknownFateTest : public ImportFaultTest,
                        public testing::WithParamInterface<FailingStore::Fate> {};

TEST_P(UnknownFateTest, RowsGetNoResultAndAreAnsweredRightLater) {
  const bool written = GetParam() == FailingStore::Fate::kWritten;
  const StreamStart start = GeneratingStart();
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 10));
    caller.WaitForResults(10);
    failing_->FailCommit(1, ErrorReason::kStoreUnavailable, GetParam());
    std::vector<ClientRow> rows = MakeRows(11, 20);
    rows[4].initial_password = SecretString("password of 15");
    caller.SendRows(std::move(rows));
    const absl::Status status = caller.Wait();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_EQ(ReasonOf(status), ErrorReason::kStoreUnavailable);
    EXPECT_EQ(caller.settled_at_end(), 10);
    EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 10));
  }
  std::vector<ClientRow> rows = MakeRows(11, 25);
  rows[4].initial_password = SecretString("password of 15");
  const Answers rest = Import(AnsweredThrough(start, 10), std::move(rows));
  ASSERT_TRUE(rest.status.ok()) << rest.status;
  EXPECT_EQ(NumbersOf(rest.results), Counting(11, 25));
  EXPECT_EQ(rest.summary->replayed_rows, written ? 10 : 0);
  EXPECT_EQ(rest.summary->passwords_not_repeatable, 0);
  ExpectWorkingAccounts(rest.results);
  ExpectClients(start, 25);
}

TEST_P(UnknownFateTest, LastCommitCanBeAskedForAgain) {
  const StreamStart start = GeneratingStart();
  StreamCaller caller(core());
  caller.Start(start);
  caller.SendRows(MakeRows(1, 3));
  caller.WaitForResults(3);
  failing_->FailCommit(1, ErrorReason::kStoreUnavailable, GetParam());
  caller.End();
  caller.Close();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kStoreUnavailable);
  EXPECT_FALSE(caller.summary());
  const Answers again = Import(AnsweredThrough(start, 3), {});
  EXPECT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.summary);
  EXPECT_EQ(ReasonOf(Import(start, MakeRows(4, 4)).status), ErrorReason::kImportCompleted);
}

INSTANTIATE_TEST_SUITE_P(Both, UnknownFateTest,
                         testing::Values(FailingStore::Fate::kNotWritten,
                                         FailingStore::Fate::kWritten));

TEST_F(ImportFaultTest, CommitThatIsFencedOffEndsAborted) {
  const StreamStart start = GeneratingStart();
  StreamCaller caller(core());
  caller.Start(start);
  failing_->FailCommit(1, ErrorReason::kTakenOver, FailingStore::Fate::kNotWritten);
  caller.SendRows(MakeRows(1, 10));
  EXPECT_TRUE(absl::IsAborted(caller.Wait()));
  EXPECT_THAT(caller.TakeResults(), IsEmpty());
}

TEST_F(ImportFaultTest, LookUpThatFailsEndsTheStreamAndLosesNothing) {
  const StreamStart start = NewStart();
  failing_->FailLookUp(2, ErrorReason::kStoreUnavailable);
  const Answers broken = Import(start, RowsWithPasswords(1, 100));
  EXPECT_EQ(ReasonOf(broken.status), ErrorReason::kStoreUnavailable);
  EXPECT_LT(broken.results.size(), 100U);
  EXPECT_EQ(NumbersOf(broken.results),
            Counting(1, static_cast<std::int64_t>(broken.results.size())));
  const Answers again = Import(AnsweredThrough(start, 0), RowsWithPasswords(1, 100));
  ASSERT_TRUE(again.status.ok()) << again.status;
  ExpectWorkingAccounts(again.results);
  ExpectClients(start, 100);
}

TEST_F(ImportFaultTest, LookUpThatFailsEndsAValidation) {
  StreamStart start = GeneratingStart();
  start.validate_only = true;
  failing_->FailLookUp(1, ErrorReason::kStoreUnavailable);
  const Answers broken = Import(start, MakeRows(1, 10));
  EXPECT_TRUE(absl::IsUnavailable(broken.status)) << broken.status;
  EXPECT_THAT(broken.results, IsEmpty());
  EXPECT_EQ(core().validated_rows_remembered(), 0);
  EXPECT_EQ(core().bytes_under_way(), 0);
}

TEST_F(ImportFaultTest, ClaimThatFailsOpensNothing) {
  const StreamStart start = GeneratingStart();
  failing_->FailClaim(1, ErrorReason::kStoreUnavailable);
  StreamCaller caller(core());
  caller.Start(start);
  EXPECT_TRUE(absl::IsUnavailable(caller.Wait()));
  EXPECT_EQ(caller.settled_at_start(), -1) << "it was told that the import is open";
  EXPECT_EQ(caller.settled_at_end(), -1);
  EXPECT_EQ(core().stream_count(), 0);
  EXPECT_TRUE(Import(start, MakeRows(1, 3)).status.ok());
}

TEST_F(ImportFaultTest, NoMemoryToHashLosesNothing) {
  // No iterations: the hash fails as it does when there is no memory.
  SetHashCost({.memory_kib = 8, .iterations = 0});
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows = MakeRows(1, 30);
  rows[20].initial_password = SecretString("password of 21");
  const Answers broken = Import(start, CloneRows(rows), 5);
  EXPECT_EQ(ReasonOf(broken.status), ErrorReason::kOverloaded);
  const auto answered = static_cast<std::int64_t>(broken.results.size());
  EXPECT_LE(answered, 20);
  EXPECT_EQ(NumbersOf(broken.results), Counting(1, answered));

  SetHashCost({.memory_kib = 8, .iterations = 1});
  const Answers again = Import(AnsweredThrough(start, 0), std::move(rows));
  ASSERT_TRUE(again.status.ok()) << again.status;
  ExpectWorkingAccounts(again.results);
  ExpectClients(start, 30);
}

TEST_F(ImportFaultTest, DrainWhileHashingAnswersWhatIsReadyAndLosesNothing) {
  SetHashCost({.memory_kib = 1024, .iterations = 2});
  const StreamStart start = NewStart();
  std::int64_t answered = 0;
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(RowsWithPasswords(1, 400));
    caller.WaitForResults(1);
    core().Drain();
    EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
    const std::vector<RowResult> results = caller.TakeResults();
    answered = static_cast<std::int64_t>(results.size());
    EXPECT_GT(answered, 0);
    EXPECT_LT(answered, 400) << "it was not drained but finished";
    EXPECT_EQ(NumbersOf(results), Counting(1, answered));
    EXPECT_EQ(caller.settled_at_end(), answered);
  }
  SetHashCost({.memory_kib = 8, .iterations = 1});
  const Answers rest = Import(AnsweredThrough(start, answered), RowsWithPasswords(1, 400));
  ASSERT_TRUE(rest.status.ok()) << rest.status;
  EXPECT_EQ(rest.summary->replayed_rows, answered);
  ExpectWorkingAccounts(rest.results);
  ExpectClients(start, 400);
}

class HeldCommitTest : public ImportFixture {
 protected:
  HeldCommitTest() {
    WrapStore([this](IdentityStore& store) {
      auto watched = std::make_unique<WatchedStore>(store);
      watched_ = watched.get();
      return watched;
    });
    (void)core();
  }

  WatchedStore* watched_ = nullptr;
};

TEST_F(HeldCommitTest, DrainAnswersTheCommitThatIsUnderWay) {
  watched_->HoldCommits();
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 5));
  watched_->WaitForHeldCommit();
  caller.SendRows(MakeRows(6, 9));
  caller.SendRows({});  // The rows before it are ready now.
  core().Drain();
  watched_->ReleaseCommits();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 9));
  EXPECT_EQ(caller.settled_at_end(), 9);
}

// A row that a commit hands back is dropped by a drain, so nothing behind it may
// be settled: it would never be new again.
TEST_F(HeldCommitTest, DrainSettlesNothingBehindARowThatIsHandedBack) {
  ASSERT_TRUE(Import(GeneratingStart(), MakeRows(1, 2)).status.ok());
  const StreamStart start = NewStart();
  {
    watched_->HoldCommits();
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(RowsWithPasswords(1, 1));
    watched_->WaitForHeldCommit();
    caller.SendRows(RowsWithPasswords(2, 2));
    caller.SendRows({});  // The row before it is ready now.
    RawDatabase(database_path()).Erase("client1@practice.example");
    core().Drain();
    watched_->ReleaseCommits();
    EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
    EXPECT_THAT(caller.TakeResults(), IsEmpty());
    EXPECT_EQ(caller.settled_at_end(), 0);
  }
  Reopen();
  const Answers again = Import(AnsweredThrough(start, 0), RowsWithPasswords(1, 2));
  EXPECT_THAT(OutcomesOf(again.results),
              ElementsAre(RowOutcome::kCreated, RowOutcome::kAlreadyExists));
}

TEST_F(HeldCommitTest, CancelledStreamsCommitIsNotAnsweredButStands) {
  const StreamStart start = GeneratingStart();
  {
    watched_->HoldCommits();
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 5));
    watched_->WaitForHeldCommit();
    caller.Cancel();
    EXPECT_TRUE(absl::IsCancelled(caller.Wait()));
    watched_->ReleaseCommits();
    EXPECT_THAT(caller.TakeResults(), IsEmpty());
  }
  Reopen();  // Waits for the commit.
  const Answers again = Import(AnsweredThrough(start, 0), MakeRows(1, 5));
  EXPECT_THAT(OutcomesOf(again.results), Each(RowOutcome::kCreated));
  EXPECT_EQ(again.summary->replayed_rows, 5);
  EXPECT_THAT(RawDatabase(database_path()).Clients(), SizeIs(5));
}

// The claim of a newer stream stands between a held commit and the store.
TEST_F(HeldCommitTest, CommitThatComesAfterANewerClaimWritesNothing) {
  const StreamStart start = GeneratingStart();
  watched_->HoldCommits();
  StreamCaller older(core());
  older.Start(start);
  older.SendRows(MakeRows(1, 5));
  watched_->WaitForHeldCommit();
  StreamCaller newer(core());
  newer.Start(start);
  newer.SendRows({});  // Its claim is made.
  EXPECT_EQ(newer.settled_at_start(), 0);
  watched_->ReleaseCommits();
  EXPECT_EQ(ReasonOf(older.Wait()), ErrorReason::kTakenOver);
  EXPECT_THAT(older.TakeResults(), IsEmpty());
  newer.SendRows(MakeRows(1, 5));
  newer.WaitForResults(5);
  for (const RowResult& result : newer.TakeResults()) EXPECT_FALSE(result.replayed);
}

}  // namespace
}  // namespace provisioning
