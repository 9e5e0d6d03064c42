// SPDX-License-Identifier: Apache-2.0
// The shapes that a stream can have, and what each gets.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/row_results.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

class ImportStreamTest : public ImportFixture {};

TEST_F(ImportStreamTest, EmptyImportCompletes) {
  const StreamStart start = NewStart();
  const Answers answers = Import(start, {});
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_THAT(answers.results, IsEmpty());
  ASSERT_TRUE(answers.summary);
  EXPECT_EQ(answers.summary->rows.total(), 0);
  const auto record = store().GetImport({start.organization_id, start.import_id});
  ASSERT_TRUE(record.ok() && *record);
  EXPECT_TRUE((*record)->complete());
}

TEST_F(ImportStreamTest, OneRowWithGivenPassword) {
  const StreamStart start = NewStart();
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "ada", "correct horse battery"));
  const Answers answers = Import(start, std::move(rows));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  ASSERT_EQ(answers.results.size(), 1U);
  const RowResult& result = answers.results[0];
  EXPECT_EQ(result.outcome, RowOutcome::kCreated);
  EXPECT_EQ(result.email_address, "ada@practice.example");
  EXPECT_FALSE(result.client_id.is_nil());
  EXPECT_TRUE(result.temporary_password.empty());
  EXPECT_EQ(result.password_expires_at, clock_.Now() + absl::Hours(7 * 24));
  EXPECT_FALSE(result.replayed);
  EXPECT_EQ(answers.settled_at_end, 1);
}

TEST_F(ImportStreamTest, GeneratedPasswordsDiffer) {
  const Answers answers = Import(GeneratingStart(), MakeRows(1, 2));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  ASSERT_EQ(answers.results.size(), 2U);
  EXPECT_GE(answers.results[0].temporary_password.size(), 26U);
  EXPECT_NE(answers.results[0].temporary_password.Reveal(),
            answers.results[1].temporary_password.Reveal());
}

TEST_F(ImportStreamTest, OneBigMessage) {
  const Answers answers = Import(GeneratingStart(), MakeRows(1, 4096), 4096);
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 4096));
  EXPECT_THAT(OutcomesOf(answers.results), Each(RowOutcome::kCreated));
}

TEST_F(ImportStreamTest, ManySmallMessages) {
  const Answers answers = Import(GeneratingStart(), MakeRows(1, 300), 1);
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 300));
}

TEST_F(ImportStreamTest, EmptyMessagesAreFine) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.SendRows({});
  caller.SendRows(MakeRows(1, 1));
  caller.SendRows({});
  caller.End();
  caller.Close();
  EXPECT_TRUE(caller.Wait().ok());
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 1));
}

// A mixture of everything that a row can be, so that how it is cut matters.
std::vector<ClientRow> MixedRows() {
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 600; ++number) {
    const std::string name = absl::StrCat("client", number % 7 == 0 ? number - 3 : number);
    const bool given = number % 5 == 0;
    rows.push_back(MakeRow(number * 2, name, given ? "correct horse battery" : ""));
    if (number % 11 == 0) rows.back().birthdate = "20230229";
    if (number % 13 == 0) rows.back().email_address = absl::StrCat("Client", number, "@a.example");
  }
  return rows;
}

TEST_F(ImportStreamTest, AnswersDoNotDependOnTheCut) {
  const std::vector<ClientRow> rows = MixedRows();
  std::vector<std::pair<RowOutcome, std::int64_t>> expected;
  for (const std::size_t per_message : {1, 7, 256, 4096}) {
    StreamStart start = GeneratingStart();
    start.organization_id = *OrganizationId::Parse(absl::StrCat("cut-", per_message));
    const Answers answers = Import(start, CloneRows(rows), per_message);
    EXPECT_TRUE(answers.status.ok()) << answers.status;
    std::vector<std::pair<RowOutcome, std::int64_t>> got;
    for (const RowResult& result : answers.results) {
      got.emplace_back(result.outcome, result.first_row_number);
    }
    if (expected.empty()) expected = got;
    EXPECT_EQ(got, expected) << per_message << " rows a message";
    EXPECT_EQ(answers.results.size(), rows.size());
  }
  for (const RowOutcome outcome :
       {RowOutcome::kCreated, RowOutcome::kDuplicateRow, RowOutcome::kRejected}) {
    EXPECT_THAT(expected, testing::Contains(testing::Pair(outcome, testing::_)));
  }
}

TEST_F(ImportStreamTest, StartMissing) {
  StreamCaller caller(core());
  caller.SendRows(MakeRows(1, 1));
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kStartMissing);
  EXPECT_EQ(caller.settled_at_end(), -1);
}

TEST_F(ImportStreamTest, ClosedBeforeStart) {
  StreamCaller caller(core());
  caller.Close();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kStartMissing);
}

TEST_F(ImportStreamTest, SecondStartAfterRowsSettlesThem) {
  const StreamStart start = GeneratingStart();
  StreamCaller caller(core());
  caller.Start(start);
  caller.SendRows(MakeRows(1, 10));
  caller.Start(start);
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kStartRepeated);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 10));
  EXPECT_EQ(caller.settled_at_end(), 10);
}

TEST_F(ImportStreamTest, RowsAfterEndLeaveTheImportOpen) {
  const StreamStart start = GeneratingStart();
  StreamCaller caller(core());
  caller.Start(start);
  caller.SendRows(MakeRows(1, 2));
  caller.End();
  caller.SendRows(MakeRows(3, 4));
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kMessageAfterEnd);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 2));
  const auto record = store().GetImport({start.organization_id, start.import_id});
  EXPECT_FALSE((*record)->complete());
}

TEST_F(ImportStreamTest, HalfClosedWithoutEnd) {
  const StreamStart start = GeneratingStart();
  StreamCaller caller(core());
  caller.Start(start);
  caller.SendRows(MakeRows(1, 3));
  caller.Close();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kEndMissing);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 3));
  // It goes on where it was.
  const Answers rest = Import(start, MakeRows(4, 5));
  EXPECT_TRUE(rest.status.ok()) << rest.status;
  EXPECT_THAT(OutcomesOf(rest.results), ElementsAre(RowOutcome::kCreated, RowOutcome::kCreated));
}

TEST_F(ImportStreamTest, UnreadableMessageSettlesTheRowsBefore) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 3));
  caller.Refuse(MakeError(ErrorReason::kMessageUnreadable, "not a message"));
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kMessageUnreadable);
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, 3));
}

// What the end would have been is not said of rows that were dropped.
TEST_F(ImportStreamTest, DrainWhileRowsBeforeTheEndAreHashed) {
  SetHashCost({.memory_kib = 65'536, .iterations = 4});
  StreamCaller caller(core());
  caller.Start(NewStart());
  std::vector<ClientRow> rows;
  for (std::int64_t i = 1; i <= 64; ++i) {
    rows.push_back(MakeRow(i, absl::StrCat("ada", i), "correct horse battery"));
  }
  caller.SendRows(std::move(rows));
  caller.Close();
  core().Drain();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
}

// It is read while the rows of the large message before it are still being checked.
TEST_F(ImportStreamTest, WhatIsReadAheadWaitsForItsTurn) {
  StreamCaller refused(core());
  refused.Start(GeneratingStart());
  refused.SendRows(MakeRows(1, 4096));
  refused.Refuse(MakeError(ErrorReason::kMessageUnreadable, "not a message"));
  EXPECT_EQ(ReasonOf(refused.Wait()), ErrorReason::kMessageUnreadable);
  EXPECT_EQ(NumbersOf(refused.TakeResults()), Counting(1, 4096));

  StreamCaller disordered(core());
  disordered.Start(GeneratingStart());
  std::vector<ClientRow> rows = MakeRows(5001, 9096);
  rows[3000].row_number = 1;
  disordered.SendRows(std::move(rows));
  disordered.SendRows(MakeRows(9097, 9100));
  disordered.End();
  disordered.Close();
  EXPECT_EQ(ReasonOf(disordered.Wait()), ErrorReason::kRowNumberOrder);
  EXPECT_EQ(NumbersOf(disordered.TakeResults()), Counting(5001, 8000));
}

TEST_F(ImportStreamTest, CallerWhoDoesNotCloseGetsTheSummaryAfterTwoTicks) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 1));
  caller.End();
  caller.WaitForResults(1);
  core().Tick();
  core().Tick();
  EXPECT_TRUE(caller.Wait().ok());
  EXPECT_TRUE(caller.summary());
}

struct BadNumbers {
  std::vector<std::int64_t> numbers;
  std::size_t good;
};

class RowNumberTest : public ImportStreamTest, public testing::WithParamInterface<BadNumbers> {};

TEST_P(RowNumberTest, RowsBeforeTheBadNumberAreAnswered) {
  std::vector<ClientRow> rows;
  for (std::size_t i = 0; i < GetParam().numbers.size(); ++i) {
    rows.push_back(MakeRow(GetParam().numbers[i], absl::StrCat("client", i)));
  }
  const Answers answers = Import(GeneratingStart(), std::move(rows));
  EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kRowNumberOrder);
  EXPECT_EQ(RowNumberOf(answers.status), GetParam().numbers[GetParam().good]);
  EXPECT_EQ(answers.results.size(), GetParam().good);
}

INSTANTIATE_TEST_SUITE_P(
    All, RowNumberTest,
    testing::Values(BadNumbers{{0}, 0}, BadNumbers{{-1}, 0}, BadNumbers{{1, 1}, 1},
                    BadNumbers{{1, 5, 4}, 2}, BadNumbers{{1, 2, 3, 0, 4}, 3},
                    BadNumbers{{std::numeric_limits<std::int64_t>::max(), 1}, 1},
                    BadNumbers{{std::numeric_limits<std::int64_t>::min()}, 0}));

TEST_F(ImportStreamTest, GapsAndTheLargestNumberAreFine) {
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(5, "a"));
  rows.push_back(MakeRow(1'000'000'000'000, "b"));
  rows.push_back(MakeRow(std::numeric_limits<std::int64_t>::max(), "c"));
  const Answers answers = Import(GeneratingStart(), std::move(rows));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(answers.results.size(), 3U);
}

TEST_F(ImportStreamTest, RejectedRowHarmsNoNeighbour) {
  std::vector<ClientRow> rows = MakeRows(1, 3);
  rows[1].email_address = std::string("\0\xff@x", 4);
  rows[1].birthdate = "99999999";
  const Answers answers = Import(GeneratingStart(), std::move(rows));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_THAT(OutcomesOf(answers.results),
              ElementsAre(RowOutcome::kCreated, RowOutcome::kRejected, RowOutcome::kCreated));
  EXPECT_GE(answers.results[1].violations.size(), 2U);
}

TEST_F(ImportStreamTest, RejectedLimitEndsAtTheRowThatPassesIt) {
  for (const bool validate_only : {false, true}) {
    StreamStart start = GeneratingStart();
    start.rejected_rows_max = 2;
    start.validate_only = validate_only;
    std::vector<ClientRow> rows = MakeRows(1, 100);
    for (const int bad : {10, 20, 30, 40}) rows[static_cast<std::size_t>(bad)].gender = "X";
    const Answers answers = Import(start, std::move(rows), 64);
    EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kTooManyRejected);
    EXPECT_EQ(NumbersOf(answers.results), Counting(1, 31));
    EXPECT_EQ(answers.settled_at_end, validate_only ? -1 : 31);
  }
}

TEST_F(ImportStreamTest, RejectedLimitThatIsPassedByTheLastRowLeavesTheImportOpen) {
  StreamStart start = NewStart();
  start.rejected_rows_max = 1;
  std::vector<ClientRow> rows;
  // The first row takes its time, so that end and close come before the commit.
  rows.push_back(MakeRow(1, "ada", "correct horse battery"));
  rows.push_back(MakeRow(2, "bea"));
  rows.push_back(MakeRow(3, "cleo"));
  const Answers answers = Import(start, std::move(rows));
  EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kTooManyRejected);
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 3));
  const auto record = store().GetImport({start.organization_id, start.import_id});
  EXPECT_FALSE((*record)->complete());
}

TEST_F(ImportStreamTest, RejectedLimitHoldsForReplaysToo) {
  StreamStart start = NewStart();
  start.options.existing_account = ExistingAccount::kUpdateProfile;
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 6));
    caller.WaitForResults(6);
  }
  start.rejected_rows_max = 3;
  start.answered_through_row = 0;
  const Answers answers = Import(start, MakeRows(1, 100));
  EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kTooManyRejected);
  EXPECT_EQ(NumbersOf(answers.results), Counting(1, 4));
}

TEST_F(ImportStreamTest, ResultsThatNobodyReadsKeepTheStreamAndItsBytes) {
  StreamCaller caller(core());
  caller.Read(false);
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 10));
  caller.End();
  caller.Close();
  caller.WaitForResults(10);
  const Answers other = Import(GeneratingStart(), MakeRows(11, 20));
  EXPECT_TRUE(other.status.ok()) << other.status;
  EXPECT_GT(core().bytes_under_way(), 0);
  EXPECT_EQ(core().stream_count(), 1);
  caller.Read(true);
  EXPECT_TRUE(caller.Wait().ok());
  EXPECT_EQ(core().bytes_under_way(), 0);
}

TEST_F(ImportStreamTest, RejectedLimitThatIsReachedButNotPassed) {
  StreamStart start = GeneratingStart();
  start.rejected_rows_max = 2;
  std::vector<ClientRow> rows = MakeRows(1, 50);
  rows[3].gender = rows[7].gender = "X";
  const Answers answers = Import(start, std::move(rows));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(answers.results.size(), 50U);
}

TEST_F(ImportStreamTest, UpdateNeedsNoPasswordButANewClientDoes) {
  ASSERT_TRUE(Import(GeneratingStart(), MakeRows(1, 1)).status.ok());
  StreamStart update = NewStart();
  update.options.existing_account = ExistingAccount::kUpdateProfile;
  std::vector<ClientRow> rows = MakeRows(1, 2);
  rows[0].last_name = "Lovelace";
  const Answers answers = Import(update, std::move(rows));
  ASSERT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_EQ(answers.results[0].outcome, RowOutcome::kUpdated);
  EXPECT_TRUE(answers.results[0].temporary_password.empty());
  EXPECT_EQ(answers.results[1].outcome, RowOutcome::kRejected);
  ASSERT_EQ(answers.results[1].violations.size(), 1U);
  EXPECT_EQ(answers.results[1].violations[0].code, FieldIssueCode::kRequired);
  EXPECT_EQ(answers.results[1].violations[0].field, "initial_password");
}

TEST_F(ImportStreamTest, ReissueGivesPendingClientsANewPassword) {
  const Answers first = Import(GeneratingStart(), MakeRows(1, 1));
  StreamStart reissue = GeneratingStart();
  reissue.options.existing_account = ExistingAccount::kReissuePending;
  reissue.options.temporary_password_ttl = absl::Hours(2);
  std::vector<ClientRow> rows = MakeRows(1, 1);
  rows.push_back(MakeRow(2, "client1"));
  const Answers second = Import(reissue, std::move(rows));
  ASSERT_EQ(second.results.size(), 2U);
  EXPECT_EQ(second.results[0].outcome, RowOutcome::kReissued);
  EXPECT_EQ(second.results[0].client_id, first.results[0].client_id);
  EXPECT_NE(second.results[0].temporary_password.Reveal(),
            first.results[0].temporary_password.Reveal());
  EXPECT_EQ(second.results[0].password_expires_at, clock_.Now() + absl::Hours(2));
  EXPECT_EQ(second.results[1].outcome, RowOutcome::kDuplicateRow);
  EXPECT_EQ(second.results[1].first_row_number, 1);
}

TEST_F(ImportStreamTest, ReissueWithGivenPasswords) {
  ASSERT_TRUE(Import(GeneratingStart(), MakeRows(1, 1)).status.ok());
  StreamStart reissue = NewStart();
  reissue.options.existing_account = ExistingAccount::kReissuePending;
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "client1", "correct horse battery"));
  rows.push_back(MakeRow(2, "client2", "correct horse battery"));
  const Answers answers = Import(reissue, std::move(rows));
  EXPECT_THAT(OutcomesOf(answers.results),
              ElementsAre(RowOutcome::kReissued, RowOutcome::kCreated));
}

TEST_F(ImportStreamTest, SlowReaderIsNotReadFrom) {
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.stream_bytes_max = 1 << 20;
  SetOptions(options);
  StreamCaller caller(core());
  caller.Read(false);
  caller.Start(GeneratingStart());
  std::int64_t sent = 0;
  // Some 350 bytes a row: 1 MiB is full after some 3,000 rows.
  while (sent < 3'500) {
    caller.SendRows(MakeRows(sent + 1, sent + 100));
    sent += 100;
    caller.WaitForResults(static_cast<std::size_t>(sent));
    if (!caller.ready()) break;
  }
  ASSERT_LT(sent, 3'500) << "it was read from for ever";
  EXPECT_LT(core().bytes_under_way(), options.stream_bytes_max + (1 << 17));
  caller.Read(true);
  caller.SendRows(MakeRows(sent + 1, sent + 100));
  caller.End();
  caller.Close();
  EXPECT_TRUE(caller.Wait().ok());
  EXPECT_EQ(NumbersOf(caller.TakeResults()), Counting(1, sent + 100));
  EXPECT_EQ(core().bytes_under_way(), 0);
}

TEST_F(ImportStreamTest, FullServerLeavesEachStreamItsFloor) {
  ImportCoreOptions options;
  options.progress_interval = absl::ZeroDuration();
  options.all_streams_bytes_max = 1;
  options.stream_bytes_floor = 100'000;
  SetOptions(options);
  StreamCaller greedy(core());
  greedy.Read(false);
  greedy.Start(GeneratingStart());
  greedy.SendRows(MakeRows(1, 200));
  greedy.SendRows(MakeRows(201, 400));
  greedy.WaitForResults(400);
  EXPECT_FALSE(greedy.ready());
  // Another one still gets through.
  const Answers other = Import(GeneratingStart(), MakeRows(401, 600), 10);
  EXPECT_TRUE(other.status.ok()) << other.status;
  EXPECT_EQ(other.results.size(), 200U);
}

TEST_F(ImportStreamTest, CancelledStreamEndsAndCanBeResumed) {
  const StreamStart start = GeneratingStart();
  {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(MakeRows(1, 50));
    caller.Cancel();
    EXPECT_TRUE(absl::IsCancelled(caller.Wait()));
  }
  EXPECT_EQ(core().stream_count(), 0);
  EXPECT_EQ(core().bytes_under_way(), 0);
  StreamStart resumed = start;
  resumed.answered_through_row = 0;
  const Answers answers = Import(resumed, MakeRows(1, 60));
  EXPECT_TRUE(answers.status.ok()) << answers.status;
  EXPECT_THAT(OutcomesOf(answers.results), Each(RowOutcome::kCreated));
  for (const RowResult& result : answers.results) EXPECT_FALSE(result.temporary_password.empty());
}

TEST_F(ImportStreamTest, DrainAnswersWhatIsReadyAndEnds) {
  StreamCaller caller(core());
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 20));
  core().Drain();
  EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kDraining);
  const auto results = caller.TakeResults();
  EXPECT_EQ(caller.settled_at_end(), static_cast<std::int64_t>(results.size()));
  StreamCaller late(core());
  EXPECT_EQ(ReasonOf(late.Wait()), ErrorReason::kDraining);
}

TEST_F(ImportStreamTest, NewerStreamTakesOver) {
  const StreamStart start = GeneratingStart();
  StreamCaller older(core());
  older.Start(start);
  older.SendRows(MakeRows(1, 5));
  older.WaitForResults(5);
  const Answers newer = Import(start, MakeRows(1, 10));
  EXPECT_EQ(ReasonOf(older.Wait()), ErrorReason::kTakenOver);
  EXPECT_TRUE(newer.status.ok()) << newer.status;
  EXPECT_EQ(newer.results.size(), 10U);
  EXPECT_TRUE(newer.results[4].replayed);
  EXPECT_FALSE(newer.results[5].replayed);
}

TEST_F(ImportStreamTest, OlderAttemptOfTheSameSessionIsRefused) {
  StreamStart start = GeneratingStart();
  start.session_id = "one process";
  start.attempt = 2;
  StreamCaller holder(core());
  holder.Start(start);
  holder.SendRows(MakeRows(1, 1));
  holder.WaitForResults(1);
  StreamStart late = start;
  late.attempt = 1;
  EXPECT_EQ(ReasonOf(Import(late, {}).status), ErrorReason::kTakenOver);
  holder.SendRows(MakeRows(2, 2));
  holder.End();
  holder.Close();
  EXPECT_TRUE(holder.Wait().ok());
}

TEST_F(ImportStreamTest, CompleteImportAnswersReplaysAndRefusesNewRows) {
  const StreamStart start = GeneratingStart();
  ASSERT_TRUE(Import(start, MakeRows(1, 3)).status.ok());
  const Answers again = Import(start, MakeRows(1, 3));
  EXPECT_TRUE(again.status.ok()) << again.status;
  ASSERT_TRUE(again.summary);
  EXPECT_EQ(again.summary->replayed_rows, 3);
  for (const RowResult& result : again.results) {
    EXPECT_TRUE(result.replayed);
    EXPECT_TRUE(result.temporary_password.empty());
  }
  const Answers more = Import(start, MakeRows(1, 5));
  EXPECT_EQ(ReasonOf(more.status), ErrorReason::kImportCompleted);
  EXPECT_EQ(RowNumberOf(more.status), 4);
  EXPECT_EQ(NumbersOf(more.results), Counting(1, 3));
}

TEST_F(ImportStreamTest, StoreBehindSaysHowFarItIs) {
  StreamStart start = GeneratingStart();
  StreamCaller broken(core());
  broken.Start(start);
  broken.SendRows(MakeRows(1, 3));
  broken.WaitForResults(3);
  broken.Cancel();
  start.answered_through_row = 7;
  const Answers answers = Import(start, {});
  EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kStoreBehind);
  EXPECT_EQ(answers.settled_at_end, 3);
}

TEST_F(ImportStreamTest, OptionsOfTheFirstStreamStand) {
  StreamStart start = GeneratingStart();
  ASSERT_TRUE(Import(start, MakeRows(1, 1)).status.ok());
  start.options.missing_password = MissingPassword::kReject;
  const Answers answers = Import(start, {});
  EXPECT_EQ(ReasonOf(answers.status), ErrorReason::kOptionsDiffer);
  EXPECT_EQ(FieldOf(answers.status), "missing_password");
}

TEST_F(ImportStreamTest, ProgressCountsWhatIsUnderWay) {
  StreamCaller caller(core());
  caller.Read(false);
  caller.Start(GeneratingStart());
  caller.SendRows(MakeRows(1, 10));
  caller.WaitForResults(10);
  core().Tick();
  caller.SendRows({});
  caller.End();
  caller.Close();
  caller.Read(true);
  ASSERT_TRUE(caller.Wait().ok());
  ASSERT_THAT(caller.progress(), testing::Not(IsEmpty()));
  const StreamProgress progress = caller.progress().front();
  EXPECT_EQ(progress.rows[RowOutcome::kCreated], 10);
  EXPECT_EQ(progress.waiting.sending, 10);
  EXPECT_EQ(progress.waiting.commit, 0);
}

}  // namespace
}  // namespace provisioning
