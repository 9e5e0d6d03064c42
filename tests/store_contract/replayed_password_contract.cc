// SPDX-License-Identifier: Apache-2.0
// Promise 4: a replay keeps the credential, unless the caller says that the answer
// was lost; then a fresh generated password comes with the row.
#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using enum RowOutcome;

constexpr TestCredential answer_lost = TestCredential::kGenerated;
constexpr TestCredential answer_held = TestCredential::kNone;

const TestRow row = {.number = 1, .email_address = "a@x.example"};
const TestRow row_with_password = {
    .number = 1, .email_address = "a@x.example", .password = "correct horse"};

TEST_P(IdentityStoreSuite, AnAnswerThatIsHeldKeepsThePassword) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(row);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = import.SettleOne(row, answer_held);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_FALSE(answer.password_not_repeatable);
  EXPECT_EQ(answer.password_expires_at, made.password_expires_at);
}

TEST_P(IdentityStoreSuite, ALostPasswordIsRenewed) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(row);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = import.SettleOne(row, answer_lost);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_TRUE(answer.replayed);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_FALSE(answer.password_not_repeatable);
  EXPECT_EQ(answer.client_id, made.client_id);
  EXPECT_EQ(answer.password_expires_at, made.password_expires_at + absl::Hours(1));
  EXPECT_EQ(Client("a@x.example")->password_expires_at, answer.password_expires_at);
  EXPECT_EQ(Client("a@x.example")->update_time, clock_.Now());
}

TEST_P(IdentityStoreSuite, ALostPasswordIsRenewedAsOftenAsItIsLost) {
  TestImport import = NewImport();
  import.SettleOne(row);
  EXPECT_TRUE(import.SettleOne(row, answer_lost).credential_set);
  EXPECT_TRUE(import.SettleOne(row, answer_lost).credential_set);
}

TEST_P(IdentityStoreSuite, ALostReissueIsRenewed) {
  NewImport().SettleOne(row);
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  const RowAnswer reissued = import.SettleOne(row);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = import.SettleOne(row, answer_lost);
  EXPECT_EQ(answer.outcome, kReissued);
  EXPECT_TRUE(answer.replayed);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_EQ(answer.password_expires_at, reissued.password_expires_at + absl::Hours(1));
}

TEST_P(IdentityStoreSuite, AUsedPasswordCannotBeRepeated) {
  TestImport import = NewImport();
  import.SettleOne(row);
  Use("a@x.example");
  const RowAnswer lost = import.SettleOne(row, answer_lost);
  EXPECT_EQ(lost.outcome, kCreated);
  EXPECT_FALSE(lost.credential_set);
  EXPECT_TRUE(lost.password_not_repeatable);
  EXPECT_EQ(lost.password_expires_at, absl::InfinitePast());
  EXPECT_FALSE(Client("a@x.example")->pending);

  EXPECT_FALSE(import.SettleOne(row, answer_held).password_not_repeatable);
}

TEST_P(IdentityStoreSuite, AReplacedPasswordCannotBeRepeated) {
  TestImport import = NewImport();
  import.SettleOne(row);
  TestImport reissue = NewImport(With(ExistingAccount::kReissuePending));
  reissue.SettleOne({.number = 5, .email_address = "a@x.example"});
  const auto before = Account("a@x.example");
  clock_.Advance(absl::Hours(1));

  const RowAnswer answer = import.SettleOne(row, answer_lost);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_TRUE(answer.password_not_repeatable);
  EXPECT_EQ(answer.password_expires_at, absl::InfinitePast());
  EXPECT_EQ(Account("a@x.example")->credential_set_by, before->credential_set_by);
  EXPECT_EQ(Account("a@x.example")->password_expires_at, before->password_expires_at);
}

TEST_P(IdentityStoreSuite, ARenewalIsStillOfTheRowThatSetThePassword) {
  TestImport import = NewImport();
  import.SettleOne(row);
  import.SettleOne(row, answer_lost);
  EXPECT_EQ(Account("a@x.example")->credential_set_by,
            (RowReference{import.key().import_id, row.number}));
}

TEST_P(IdentityStoreSuite, AGivenPasswordIsNeverReplacedByAReplay) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(row_with_password, TestCredential::kGiven);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = import.SettleOne(row_with_password, answer_lost);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_FALSE(answer.password_not_repeatable) << "the caller has it";
  EXPECT_EQ(answer.password_expires_at, made.password_expires_at);
  EXPECT_FALSE(Account("a@x.example")->credential_generated);
}

TEST_P(IdentityStoreSuite, AHashIsAnsweredAgainAndNeverReplaced) {
  const TestRow row_with_hash = {
      .number = 1, .email_address = "a@x.example", .password_hash = std::string(test_hash)};
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(row_with_hash, TestCredential::kImported);
  const auto before = Client("a@x.example");
  clock_.Advance(absl::Hours(1));
  for (const TestCredential credential : {answer_held, answer_lost}) {
    const RowAnswer answer = import.SettleOne(row_with_hash, credential);
    EXPECT_EQ(answer.outcome, kCreated);
    EXPECT_TRUE(answer.replayed);
    EXPECT_EQ(answer.client_id, made.client_id);
    EXPECT_FALSE(answer.credential_set);
    EXPECT_FALSE(answer.password_not_repeatable);
    EXPECT_EQ(answer.password_expires_at, absl::InfinitePast());
  }
  EXPECT_FALSE(Client("a@x.example")->pending);
  EXPECT_EQ(Client("a@x.example")->update_time, before->update_time);
}

TEST_P(IdentityStoreSuite, AnUpdateHasNoPasswordToRepeat) {
  NewImport().SettleOne(row);
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const TestRow update = {.number = 1, .email_address = "a@x.example", .first_name = "Anna"};
  import.SettleOne(update);
  const RowAnswer answer = import.SettleOne(update, answer_lost);
  EXPECT_EQ(answer.outcome, kUpdated);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_FALSE(answer.password_not_repeatable);
}

TEST_P(IdentityStoreSuite, NoOtherReplayTouchesACredential) {
  NewImport().SettleOne({.number = 1, .email_address = "old@x.example"});
  TestImport import = NewImport();
  import.Settle({row,
                 {.number = 2, .email_address = "a@x.example"},
                 {.number = 3,
                  .email_address = "old@x.example" }});
  const auto before = Account("a@x.example");
  const auto old_before = Account("old@x.example");
  clock_.Advance(absl::Hours(1));
  const auto answers = import.Settle({{.number = 2, .email_address = "a@x.example"},
                                      {.number = 3, .email_address = "old@x.example"}},
                                     answer_lost);
  for (const RowAnswer& answer : answers) {
    EXPECT_FALSE(answer.credential_set);
    EXPECT_FALSE(answer.password_not_repeatable);
  }
  EXPECT_EQ(Account("a@x.example")->password_expires_at, before->password_expires_at);
  EXPECT_EQ(Account("old@x.example")->password_expires_at, old_before->password_expires_at);
}

TEST_P(IdentityStoreSuite, AConflictingReplayRenewsNothing) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(row);
  clock_.Advance(absl::Hours(1));
  const RowAnswer answer = import.SettleOne(
      {.number = 1, .email_address = "a@x.example", .first_name = "Anna"}, answer_lost);
  EXPECT_EQ(answer.outcome, kConflictingReplay);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_EQ(Account("a@x.example")->password_expires_at, made.password_expires_at);
}

TEST_P(IdentityStoreSuite, ACompleteImportRenewsToo) {
  TestImport import = NewImport();
  import.SettleOne(row);
  import.Complete();
  import.Claim(0);
  EXPECT_TRUE(import.SettleOne(row, answer_lost).credential_set);
}

}  // namespace
}  // namespace provisioning
