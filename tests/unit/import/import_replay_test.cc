// SPDX-License-Identifier: Apache-2.0
// Rows that come again, whatever happened in between.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ImportReplayTest : public ImportFixture {
 protected:
  // As a caller whose connection broke before `end`: the import stays open.
  std::vector<RowResult> Send(const StreamStart& start, std::vector<ClientRow> rows) {
    StreamCaller caller(core());
    caller.Start(start);
    caller.SendRows(std::move(rows));
    caller.Close();
    EXPECT_EQ(ReasonOf(caller.Wait()), ErrorReason::kEndMissing);
    return caller.TakeResults();
  }

  bool Works(const RowResult& result) {
    const std::string phc = RawDatabase(database_path()).CredentialOf(result.email_address);
    return VerifyCredential(phc, result.temporary_password);
  }
};

StreamStart AnsweredThrough(StreamStart start, std::int64_t row) {
  start.answered_through_row = row;
  return start;
}

// A row about client1 under another name.
std::vector<ClientRow> RowAboutClient1(const std::string& last_name) {
  std::vector<ClientRow> rows = MakeRows(1, 1);
  rows[0].last_name = last_name;
  return rows;
}

TEST_F(ImportReplayTest, CompleteImportChangesNothing) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows = MakeRows(1, 20);
  rows[3].initial_password = SecretString("correct horse battery");
  rows[5].gender = "X";
  rows[7].email_address = rows[2].email_address;
  const Answers first = Import(start, CloneRows(rows));
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  ASSERT_THAT(clients, SizeIs(18));

  clock_.Advance(absl::Hours(1));
  const Answers again = Import(start, std::move(rows));
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_EQ(OutcomesOf(again.results), OutcomesOf(first.results));
  EXPECT_EQ(again.summary->replayed_rows, 20);
  EXPECT_EQ(again.summary->passwords_not_repeatable, 0);
  for (std::size_t i = 0; i < again.results.size(); ++i) {
    EXPECT_TRUE(again.results[i].replayed);
    EXPECT_TRUE(again.results[i].temporary_password.empty());
    EXPECT_EQ(again.results[i].client_id, first.results[i].client_id);
    EXPECT_EQ(again.results[i].first_row_number, first.results[i].first_row_number);
    EXPECT_EQ(again.results[i].password_expires_at, first.results[i].password_expires_at);
  }
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

TEST_F(ImportReplayTest, CountsTakeEachRowOnce) {
  const StreamStart start = GeneratingStart();
  ASSERT_TRUE(Import(start, MakeRows(1, 9)).status.ok());
  ASSERT_TRUE(Import(start, MakeRows(1, 9)).status.ok());
  const auto record = store().GetImport({start.organization_id, start.import_id});
  ASSERT_TRUE(record.ok() && *record);
  EXPECT_EQ((*record)->rows[RowOutcome::kCreated], 9);
  EXPECT_EQ((*record)->rows.total(), 9);
  EXPECT_EQ((*record)->stream_count, 2);
}

TEST_F(ImportReplayTest, NewImportOfTheSameRowsFindsThemAll) {
  ASSERT_TRUE(Import(GeneratingStart(), MakeRows(1, 20)).status.ok());
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  clock_.Advance(absl::Hours(1));
  const Answers other = Import(GeneratingStart(), MakeRows(1, 20));
  EXPECT_THAT(OutcomesOf(other.results), Each(RowOutcome::kAlreadyExists));
  EXPECT_EQ(other.summary->replayed_rows, 0);
  for (const RowResult& result : other.results) {
    EXPECT_TRUE(result.temporary_password.empty());
    EXPECT_FALSE(result.client_id.is_nil());
  }
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

TEST_F(ImportReplayTest, AfterAnotherImportUpdatedTheClient) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 1));
  StreamStart update = NewStart();
  update.options.existing_account = ExistingAccount::kUpdateProfile;
  EXPECT_THAT(OutcomesOf(Send(update, RowAboutClient1("Lovelace"))),
              ElementsAre(RowOutcome::kUpdated));

  const std::vector<RowResult> again = Send(start, MakeRows(1, 1));
  EXPECT_THAT(OutcomesOf(again), ElementsAre(RowOutcome::kCreated));
  EXPECT_EQ(again[0].client_id, first[0].client_id);
  EXPECT_TRUE(again[0].replayed);
  EXPECT_EQ(RawDatabase(database_path()).ReadCell("SELECT last_name FROM client WHERE state<>4"),
            "Lovelace");
  // The one that updated is repeated too, and updates nothing that came later.
  const std::vector<RowResult> updated = Send(update, RowAboutClient1("Lovelace"));
  EXPECT_THAT(OutcomesOf(updated), ElementsAre(RowOutcome::kUpdated));
  EXPECT_TRUE(updated[0].replayed);
}

TEST_F(ImportReplayTest, OlderUpdateDoesNotComeBackOverANewerOne) {
  ASSERT_THAT(Send(GeneratingStart(), MakeRows(1, 1)), SizeIs(1));
  StreamStart older = NewStart();
  older.options.existing_account = ExistingAccount::kUpdateProfile;
  StreamStart newer = NewStart();
  newer.options.existing_account = ExistingAccount::kUpdateProfile;
  Send(older, RowAboutClient1("Older"));
  Send(newer, RowAboutClient1("Newer"));
  EXPECT_THAT(OutcomesOf(Send(older, RowAboutClient1("Older"))), ElementsAre(RowOutcome::kUpdated));
  EXPECT_EQ(RawDatabase(database_path()).ReadCell("SELECT last_name FROM client WHERE state<>4"),
            "Newer");
}

TEST_F(ImportReplayTest, AfterAnotherImportReissuedTheClient) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 1));
  StreamStart reissue = GeneratingStart();
  reissue.options.existing_account = ExistingAccount::kReissuePending;
  const std::vector<RowResult> reissued = Send(reissue, MakeRows(1, 1));
  ASSERT_THAT(OutcomesOf(reissued), ElementsAre(RowOutcome::kReissued));
  EXPECT_FALSE(Works(first[0]));

  const std::vector<RowResult> again = Send(AnsweredThrough(start, 0), MakeRows(1, 1));
  EXPECT_THAT(OutcomesOf(again), ElementsAre(RowOutcome::kCreated));
  EXPECT_TRUE(again[0].temporary_password.empty());
  EXPECT_TRUE(IsNotRepeatable(again[0]));
  EXPECT_EQ(again[0].password_expires_at, absl::InfinitePast());
  EXPECT_TRUE(Works(reissued[0]));
}

TEST_F(ImportReplayTest, LostAnswerOfAReissueGetsAFreshPassword) {
  ASSERT_THAT(Send(GeneratingStart(), MakeRows(1, 1)), SizeIs(1));
  StreamStart reissue = GeneratingStart();
  reissue.options.existing_account = ExistingAccount::kReissuePending;
  const std::vector<RowResult> lost = Send(reissue, MakeRows(1, 1));
  const std::vector<RowResult> again = Send(AnsweredThrough(reissue, 0), MakeRows(1, 1));
  EXPECT_THAT(OutcomesOf(again), ElementsAre(RowOutcome::kReissued));
  EXPECT_TRUE(Works(again[0]));
  EXPECT_FALSE(Works(lost[0]));
}

TEST_F(ImportReplayTest, ErasedClientStaysErased) {
  const StreamStart start = GeneratingStart();
  ASSERT_TRUE(Import(start, MakeRows(1, 3)).status.ok());
  RawDatabase(database_path()).Erase("client2@practice.example");
  const Answers again = Import(AnsweredThrough(start, 0), MakeRows(1, 3));
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_THAT(
      OutcomesOf(again.results),
      ElementsAre(RowOutcome::kCreated, RowOutcome::kConflictingReplay, RowOutcome::kCreated));
  EXPECT_THAT(RawDatabase(database_path()).Clients(), SizeIs(2));
}

TEST_F(ImportReplayTest, RowsThatWereNeverSentAreNotMadeUpFor) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows = MakeRows(1, 2);
  rows.push_back(MakeRow(9, "client9"));
  ASSERT_THAT(Send(start, std::move(rows)), SizeIs(3));
  const std::vector<RowResult> late = Send(start, MakeRows(1, 10));
  std::vector<RowOutcome> expected(10, RowOutcome::kConflictingReplay);
  expected[0] = expected[1] = expected[8] = expected[9] = RowOutcome::kCreated;
  EXPECT_EQ(OutcomesOf(late), expected);
  EXPECT_FALSE(late[9].replayed);
  EXPECT_THAT(RawDatabase(database_path()).Clients(), SizeIs(4));
}

TEST_F(ImportReplayTest, SubsetsInAnyOrder) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 20));
  std::vector<ClientRow> even;
  std::vector<ClientRow> odd;
  for (ClientRow& row : MakeRows(1, 20)) {
    (row.row_number % 2 == 0 ? even : odd).push_back(std::move(row));
  }
  for (auto* subset : {&even, &odd, &even}) {
    const std::vector<RowResult> again = Send(AnsweredThrough(start, 20), CloneRows(*subset));
    EXPECT_THAT(OutcomesOf(again), Each(RowOutcome::kCreated));
    EXPECT_THAT(again, SizeIs(10));
  }
  for (const RowResult& result : first) EXPECT_TRUE(Works(result)) << result.row_number;
}

TEST_F(ImportReplayTest, DuplicateSentAgainWithoutItsFirstRow) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows = MakeRows(1, 2);
  rows.push_back(MakeRow(3, "client1"));
  ASSERT_THAT(Send(start, CloneRows(rows)), SizeIs(3));
  std::vector<ClientRow> last;
  last.push_back(rows[2].Clone());
  const std::vector<RowResult> again = Send(start, std::move(last));
  EXPECT_THAT(OutcomesOf(again), ElementsAre(RowOutcome::kDuplicateRow));
  EXPECT_EQ(again[0].first_row_number, 1);
}

TEST_F(ImportReplayTest, AddressOfALaterRowIsAConflict) {
  const StreamStart start = GeneratingStart();
  ASSERT_THAT(Send(start, MakeRows(5, 5)), SizeIs(1));
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(4, "client5"));
  EXPECT_THAT(OutcomesOf(Send(start, std::move(rows))),
              ElementsAre(RowOutcome::kConflictingReplay));
}

TEST_F(ImportReplayTest, OtherContentUnderTheSameNumber) {
  const StreamStart start = GeneratingStart();
  ASSERT_THAT(Send(start, MakeRows(1, 2)), SizeIs(2));
  std::vector<ClientRow> rows = MakeRows(1, 2);
  rows[0].email_address = "another@practice.example";
  rows[1].first_name = "Augusta";
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  const std::vector<RowResult> again = Send(AnsweredThrough(start, 0), std::move(rows));
  EXPECT_THAT(OutcomesOf(again), Each(RowOutcome::kConflictingReplay));
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

TEST_F(ImportReplayTest, StricterPasswordRuleRejectsNothingThatIsThere) {
  const StreamStart start = NewStart();
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "client1", "kestrel-92"));
  rows.push_back(MakeRow(2, "client2", "correct horse battery"));
  ASSERT_THAT(Send(start, CloneRows(rows)), SizeIs(2));
  SetRules({.password_characters_min = 15});
  // A new one would be refused.
  rows.push_back(MakeRow(3, "client3", "kestrel-93"));
  EXPECT_THAT(OutcomesOf(Send(start, std::move(rows))),
              ElementsAre(RowOutcome::kCreated, RowOutcome::kCreated, RowOutcome::kRejected));
}

TEST_F(ImportReplayTest, ClockThatWentBackRejectsNothingThatIsThere) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows = MakeRows(1, 1);
  rows[0].birthdate = "20260901";  // Born three weeks ago.
  EXPECT_THAT(OutcomesOf(Send(start, CloneRows(rows))), ElementsAre(RowOutcome::kCreated));
  clock_.Advance(-absl::Hours(24 * 365 * 10));
  EXPECT_THAT(OutcomesOf(Send(start, CloneRows(rows))), ElementsAre(RowOutcome::kCreated));
  rows.push_back(MakeRow(2, "client2"));
  rows[1].birthdate = "20260901";
  EXPECT_THAT(OutcomesOf(Send(start, std::move(rows))),
              ElementsAre(RowOutcome::kCreated, RowOutcome::kRejected));
}

TEST_F(ImportReplayTest, FreshPasswordsExactlyAboveWhatWasAnswered) {
  for (const std::int64_t answered : {0, 1, 6, 9, 10}) {
    const StreamStart start = GeneratingStart();
    std::vector<ClientRow> rows;
    for (std::int64_t number = 1; number <= 10; ++number) {
      rows.push_back(MakeRow(number, absl::StrCat("from", answered, "client", number)));
    }
    const std::vector<RowResult> first = Send(start, CloneRows(rows));
    clock_.Advance(absl::Hours(1));
    const std::vector<RowResult> again = Send(AnsweredThrough(start, answered), CloneRows(rows));
    ASSERT_THAT(again, SizeIs(10));
    EXPECT_THAT(OutcomesOf(again), Each(RowOutcome::kCreated));
    for (std::size_t i = 0; i < 10; ++i) {
      SCOPED_TRACE(absl::StrCat("answered through ", answered, ", row ", i + 1));
      const bool fresh = again[i].row_number > answered;
      EXPECT_TRUE(again[i].replayed);
      EXPECT_NE(again[i].temporary_password.empty(), fresh);
      EXPECT_EQ(Works(first[i]), !fresh);
      EXPECT_EQ(Works(again[i]), fresh);
      const absl::Duration later = fresh ? absl::Hours(1) : absl::ZeroDuration();
      EXPECT_EQ(again[i].password_expires_at, first[i].password_expires_at + later);
    }
  }
}

TEST_F(ImportReplayTest, WithoutAWordAboutAnswersPasswordsStay) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 5));
  const std::vector<RowResult> again = Send(start, MakeRows(1, 5));
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(again[i].temporary_password.empty());
    EXPECT_TRUE(Works(first[i]));
  }
}

TEST_F(ImportReplayTest, AnswersBeyondWhatIsSettledMeanThatTheStoreWentBack) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 5));
  const Answers refused = Import(AnsweredThrough(start, 6), MakeRows(1, 5));
  EXPECT_EQ(ReasonOf(refused.status), ErrorReason::kStoreBehind);
  EXPECT_EQ(RowNumberOf(refused.status), 5);
  EXPECT_THAT(refused.results, SizeIs(0));
  for (const RowResult& result : first) EXPECT_TRUE(Works(result));
}

TEST_F(ImportReplayTest, GivenPasswordIsNeverReplacedByAReplay) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows;
  rows.push_back(MakeRow(1, "client1", "correct horse battery"));
  ASSERT_THAT(Send(start, CloneRows(rows)), SizeIs(1));
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  rows[0].initial_password = SecretString("another horse battery");
  const std::vector<RowResult> again = Send(AnsweredThrough(start, 0), std::move(rows));
  EXPECT_THAT(OutcomesOf(again), ElementsAre(RowOutcome::kCreated));
  EXPECT_TRUE(again[0].temporary_password.empty());
  EXPECT_FALSE(IsNotRepeatable(again[0]));
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

TEST_F(ImportReplayTest, HashIsAnsweredAgainAndNeverReplaced) {
  const StreamStart start = GeneratingStart();
  std::vector<ClientRow> rows;
  for (std::int64_t number = 1; number <= 3; ++number) {
    rows.push_back(MakeRowWithHash(number, absl::StrCat("client", number)));
  }
  const Answers first = Import(start, CloneRows(rows));
  const std::vector<std::string> clients = RawDatabase(database_path()).Clients();
  clock_.Advance(absl::Hours(1));
  for (const StreamStart& again : {start, AnsweredThrough(start, 0)}) {
    const Answers answers = Import(again, CloneRows(rows));
    EXPECT_THAT(OutcomesOf(answers.results), Each(RowOutcome::kCreated));
    EXPECT_EQ(answers.summary->replayed_rows, 3);
    EXPECT_EQ(answers.summary->passwords_not_repeatable, 0);
    for (const RowResult& result : answers.results) {
      EXPECT_TRUE(result.temporary_password.empty());
      EXPECT_EQ(result.password_expires_at, absl::InfinitePast());
      EXPECT_THAT(result.warnings, IsEmpty());
    }
  }
  EXPECT_EQ(RawDatabase(database_path()).Clients(), clients);
}

TEST_F(ImportReplayTest, UsedPasswordCannotBeRepeated) {
  const StreamStart start = GeneratingStart();
  ASSERT_THAT(Send(start, MakeRows(1, 3)), SizeIs(3));
  RawDatabase(database_path()).Activate("client2@practice.example");
  const std::vector<std::string> before =
      RawDatabase(database_path()).Read("SELECT * FROM client WHERE state=3");

  const Answers again = Import(AnsweredThrough(start, 0), MakeRows(1, 3));
  ASSERT_TRUE(again.status.ok()) << again.status;
  EXPECT_THAT(OutcomesOf(again.results), Each(RowOutcome::kCreated));
  EXPECT_EQ(again.summary->passwords_not_repeatable, 1);
  for (const RowResult& result : again.results) {
    const bool used = result.row_number == 2;
    EXPECT_EQ(IsNotRepeatable(result), used);
    EXPECT_EQ(result.temporary_password.empty(), used);
    EXPECT_EQ(result.password_expires_at == absl::InfinitePast(), used);
  }
  EXPECT_EQ(RawDatabase(database_path()).Read("SELECT * FROM client WHERE state=3"), before);
}

TEST_F(ImportReplayTest, SurvivesAReopenedStore) {
  const StreamStart start = GeneratingStart();
  const std::vector<RowResult> first = Send(start, MakeRows(1, 5));
  Reopen();
  const std::vector<RowResult> again = Send(AnsweredThrough(start, 3), MakeRows(4, 6));
  EXPECT_THAT(OutcomesOf(again), Each(RowOutcome::kCreated));
  EXPECT_TRUE(again[0].replayed);
  EXPECT_TRUE(again[1].replayed);
  EXPECT_FALSE(again[2].replayed);
  EXPECT_TRUE(Works(first[2]));
  EXPECT_FALSE(Works(first[3]));
}

}  // namespace
}  // namespace provisioning
