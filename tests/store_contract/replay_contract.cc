// SPDX-License-Identifier: Apache-2.0
// Rows that are sent again: the table "what a replay answers", line by line.
// Passwords are in replayed_password_contract.cc.
#include <algorithm>

#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using enum RowOutcome;

// Sends one row again, without asking for a fresh password.
RowAnswer Replay(const TestImport& import, const TestRow& row) {
  const RowAnswer answer = import.SettleOne(row, TestCredential::kNone);
  EXPECT_TRUE(answer.replayed);
  EXPECT_FALSE(answer.credential_set);
  return answer;
}

TEST_P(IdentityStoreSuite, ARowThatMadeAnAccountIsCreatedAgain) {
  TestImport import = NewImport();
  const TestRow row = {.number = 1, .email_address = "a@x.example", .gender = "F"};
  const RowAnswer made = import.SettleOne(row);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = Replay(import, row);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_EQ(answer.client_id, made.client_id);
  EXPECT_EQ(answer.password_expires_at, made.password_expires_at);
  EXPECT_EQ(Client("a@x.example")->update_time, clock_.Now() - absl::Hours(1));
}

TEST_P(IdentityStoreSuite, TheSameRowNumberWithAnotherContentConflicts) {
  TestImport import = NewImport();
  import.SettleOne({.number = 1, .email_address = "a@x.example", .gender = "F"});
  const TestRow others[] = {
      {.number = 1, .email_address = "b@x.example", .gender = "F"},
      {.number = 1, .email_address = "a@x.example", .first_name = "Anna", .gender = "F"},
      {.number = 1, .email_address = "a@x.example", .last_name = "Li", .gender = "F"},
      {.number = 1, .email_address = "a@x.example", .birthdate = "19810203", .gender = "F"},
      {.number = 1, .email_address = "a@x.example"},
  };
  for (const TestRow& other : others) {
    const RowAnswer answer = Replay(import, other);
    EXPECT_EQ(answer.outcome, kConflictingReplay);
    EXPECT_TRUE(answer.client_id.is_nil());
  }
  EXPECT_FALSE(Client("b@x.example"));
}

TEST_P(IdentityStoreSuite, AProfileThatSomebodyChangedIsNotCompared) {
  TestImport import = NewImport();
  const TestRow row = {.number = 1, .email_address = "a@x.example"};
  import.SettleOne(row);
  NewImport(With(ExistingAccount::kUpdateProfile))
      .SettleOne({.number = 1, .email_address = "a@x.example", .first_name = "Anna"});
  EXPECT_EQ(Replay(import, row).outcome, kCreated);
  EXPECT_EQ(Client("a@x.example")->profile.first_name, "Anna");
}

TEST_P(IdentityStoreSuite, ARowThatChangedAnAccountHasDoneSoAgain) {
  NewImport().Settle({{.number = 1, .email_address = "a@x.example"},
                      {.number = 2, .email_address = "b@x.example"}});
  TestImport update = NewImport(With(ExistingAccount::kUpdateProfile));
  const TestRow updated = {.number = 1, .email_address = "a@x.example", .first_name = "Anna"};
  const RowAnswer first_update = update.SettleOne(updated);
  TestImport reissue = NewImport(With(ExistingAccount::kReissuePending));
  const TestRow reissued = {.number = 4, .email_address = "b@x.example"};
  const RowAnswer first_reissue = reissue.SettleOne(reissued);

  const RowAnswer again_updated = Replay(update, updated);
  EXPECT_EQ(again_updated.outcome, kUpdated);
  EXPECT_EQ(again_updated.client_id, first_update.client_id);
  const RowAnswer again_reissued = Replay(reissue, reissued);
  EXPECT_EQ(again_reissued.outcome, kReissued);
  EXPECT_EQ(again_reissued.client_id, first_reissue.client_id);
  EXPECT_EQ(again_reissued.password_expires_at, first_reissue.password_expires_at);

  EXPECT_EQ(Replay(update, {.number = 1, .email_address = "b@x.example"}).outcome,
            kConflictingReplay);
}

TEST_P(IdentityStoreSuite, AReplayedUpdateDoesNotUndoALaterOne) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport first = NewImport(With(ExistingAccount::kUpdateProfile));
  const TestRow row = {.number = 1, .email_address = "a@x.example", .first_name = "Anna"};
  first.SettleOne(row);
  NewImport(With(ExistingAccount::kUpdateProfile))
      .SettleOne({.number = 1, .email_address = "a@x.example", .first_name = "Anne"});
  EXPECT_EQ(Replay(first, row).outcome, kUpdated);
  EXPECT_EQ(Client("a@x.example")->profile.first_name, "Anne");
}

TEST_P(IdentityStoreSuite, OtherOutcomesAreFoundAgainFromWhatIsThere) {
  NewImport().SettleOne({.number = 1, .email_address = "old@x.example"});
  TestImport import = NewImport();
  const std::vector<TestRow> rows = {{.number = 1, .email_address = "a@x.example"},
                                     {.number = 2, .email_address = "a@x.example"},
                                     {.number = 3, .email_address = "old@x.example"},
                                     RejectedRow(4)};
  const auto first = import.Settle(rows);
  const auto again = import.Settle(rows, TestCredential::kNone);
  EXPECT_THAT(Outcomes(again), ElementsAre(kCreated, kDuplicateRow, kAlreadyExists, kRejected));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(again[i].replayed);
    EXPECT_EQ(again[i].client_id, first[i].client_id);
    EXPECT_EQ(again[i].first_row_number, first[i].first_row_number);
  }
}

TEST_P(IdentityStoreSuite, ADuplicateOfAChangedAccountIsFoundAgain) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const std::vector<TestRow> rows = {
      {.number = 5, .email_address = "a@x.example", .first_name = "Anna"},
      {.number = 6, .email_address = "a@x.example", .first_name = "Anne"}};
  import.Settle(rows);
  const RowAnswer answer = Replay(import, rows[1]);
  EXPECT_EQ(answer.outcome, kDuplicateRow);
  EXPECT_EQ(answer.first_row_number, 5);
}

TEST_P(IdentityStoreSuite, ARowThatWasNeverSentIsNotMadeLater) {
  TestImport import = NewImport();
  import.SettleOne({.number = 10, .email_address = "a@x.example"});
  EXPECT_EQ(Replay(import, {.number = 9, .email_address = "b@x.example"}).outcome,
            kConflictingReplay);
  EXPECT_FALSE(Client("b@x.example"));
  EXPECT_EQ(Replay(import, {.number = 9, .email_address = "a@x.example"}).outcome,
            kConflictingReplay)
      << "a later row made it";
  EXPECT_EQ(Replay(import, RejectedRow(9)).outcome, kRejected);
  EXPECT_EQ(import.Record().settled_through_row, 10);
}

TEST_P(IdentityStoreSuite, ARowThatALaterOneCameBeforeConflicts) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  import.SettleOne({.number = 10, .email_address = "a@x.example", .first_name = "Anna"});
  const RowAnswer answer = Replay(import, {.number = 9, .email_address = "a@x.example"});
  EXPECT_EQ(answer.outcome, kConflictingReplay);
  EXPECT_TRUE(answer.client_id.is_nil());
}

TEST_P(IdentityStoreSuite, ARowWithoutPasswordIsRejectedAgain) {
  const ImportOptions options = With(ExistingAccount::kUpdateProfile, MissingPassword::kReject);
  TestImport import = NewImport(options);
  const TestRow row = {.number = 1, .email_address = "a@x.example"};
  EXPECT_EQ(import.SettleOne(row, TestCredential::kNone).outcome, kRejected);
  const RowAnswer answer = Replay(import, row);
  EXPECT_EQ(answer.outcome, kRejected);
  EXPECT_TRUE(answer.password_missing);
}

TEST_P(IdentityStoreSuite, NothingComesBackAfterItIsGone) {
  TestImport import = NewImport();
  const TestRow row = {.number = 1, .email_address = "a@x.example"};
  import.SettleOne(row);
  Erase("a@x.example");
  EXPECT_EQ(Replay(import, row).outcome, kConflictingReplay);
  EXPECT_FALSE(Client("a@x.example"));

  const RowAnswer remade = NewImport().SettleOne(row);
  EXPECT_EQ(remade.outcome, kCreated);
  const RowAnswer answer = Replay(import, row);
  EXPECT_EQ(answer.outcome, kAlreadyExists);
  EXPECT_EQ(answer.client_id, remade.client_id);
}

TEST_P(IdentityStoreSuite, AnEffectOnAnAccountThatIsGoneIsNone) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const TestRow row = {.number = 1, .email_address = "a@x.example", .first_name = "Anna"};
  import.SettleOne(row);
  Erase("a@x.example");
  EXPECT_EQ(Replay(import, row).outcome, kConflictingReplay);
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  EXPECT_EQ(Replay(import, row).outcome, kAlreadyExists);
  EXPECT_EQ(Client("a@x.example")->profile.first_name, "Ann");
}

TEST_P(IdentityStoreSuite, RowsSentAgainBackwardsAnswerTheSame) {
  TestImport import = NewImport();
  std::vector<TestRow> rows;
  for (int i = 1; i <= 20; ++i) {
    rows.push_back({.number = i, .email_address = std::to_string(i % 15) + "@x.example"});
  }
  const auto first = import.Settle(rows);
  for (int i = 19; i >= 0; --i) {
    const RowAnswer answer = Replay(import, rows[i]);
    EXPECT_EQ(answer.outcome, first[i].outcome) << "row " << rows[i].number;
    EXPECT_EQ(answer.client_id, first[i].client_id) << "row " << rows[i].number;
  }
}

TEST_P(IdentityStoreSuite, ABatchMayHoldReplaysAndNewRows) {
  TestImport import = NewImport();
  import.Settle({{.number = 1, .email_address = "a@x.example"},
                 {.number = 2,
                  .email_address = "b@x.example" }});
  import.Claim();
  const auto answers = import.Settle({{.number = 2, .email_address = "b@x.example"},
                                      {.number = 3, .email_address = "c@x.example"},
                                      {.number = 4, .email_address = "a@x.example"}});
  EXPECT_THAT(Outcomes(answers), ElementsAre(kCreated, kCreated, kDuplicateRow));
  EXPECT_TRUE(answers[0].replayed);
  EXPECT_FALSE(answers[1].replayed);
  EXPECT_EQ(import.Record().settled_through_row, 4);
  EXPECT_EQ(import.Record().rows.total(), 4);
}

TEST_P(IdentityStoreSuite, ReplaysAloneLeaveTheRecordAsItIs) {
  TestImport import = NewImport();
  import.SettleOne({.number = 1, .email_address = "a@x.example"});
  clock_.Advance(absl::Hours(1));
  Replay(import, {.number = 1, .email_address = "a@x.example"});
  EXPECT_EQ(import.Record().update_time, clock_.Now() - absl::Hours(1));
  EXPECT_EQ(import.Record().rows[kCreated], 1);
}

}  // namespace
}  // namespace provisioning
