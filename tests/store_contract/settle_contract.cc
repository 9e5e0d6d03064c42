// SPDX-License-Identifier: Apache-2.0
// New rows: what they are answered, what they leave, what is counted.
#include <algorithm>

#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using enum RowOutcome;

TEST_P(IdentityStoreSuite, ANewRowMakesAnAccount) {
  TestImport import = NewImport();
  const RowAnswer answer = import.SettleOne({.number = 3,
                                             .email_address = "a@x.example",
                                             .first_name = "Åsa",
                                             .last_name = "O'Neil",
                                             .birthdate = "19810203",
                                             .gender = "F"});
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_FALSE(answer.replayed);
  EXPECT_EQ(answer.password_expires_at, clock_.Now() + absl::Hours(24 * 7));

  const auto client = Client("a@x.example");
  ASSERT_TRUE(client);
  EXPECT_EQ(client->client_id, answer.client_id);
  EXPECT_EQ(client->profile, (ClientProfile{"Åsa", "O'Neil", 19810203, 'F'}));
  EXPECT_TRUE(client->pending);
  EXPECT_EQ(client->created_by, (RowReference{import.key().import_id, 3}));
  EXPECT_EQ(client->create_time, clock_.Now());
  EXPECT_EQ(client->update_time, clock_.Now());
  EXPECT_EQ(client->password_expires_at, answer.password_expires_at);
}

TEST_P(IdentityStoreSuite, ARowWithAHashMakesAnActiveAccount) {
  TestImport import = NewImport(With(ExistingAccount::kReport, MissingPassword::kReject));
  const RowAnswer answer = import.SettleOne(
      {.number = 3, .email_address = "a@x.example", .password_hash = std::string(test_hash)},
      TestCredential::kImported);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_EQ(answer.password_expires_at, absl::InfinitePast());

  const auto client = Client("a@x.example");
  ASSERT_TRUE(client);
  EXPECT_FALSE(client->pending);
  EXPECT_EQ(client->password_expires_at, absl::InfinitePast());
  const auto account = Account("a@x.example");
  EXPECT_FALSE(account->pending);
  EXPECT_FALSE(account->credential_generated);
  EXPECT_EQ(account->credential_set_by, (RowReference{import.key().import_id, 3}));
}

TEST_P(IdentityStoreSuite, AHashNeverReplacesATemporaryPassword) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  const auto before = Account("a@x.example");
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  const RowAnswer answer = import.SettleOne(
      {.number = 1, .email_address = "a@x.example", .password_hash = std::string(test_hash)},
      TestCredential::kImported);
  EXPECT_EQ(answer.outcome, kAlreadyExists);
  EXPECT_FALSE(answer.credential_set);
  const auto after = Account("a@x.example");
  EXPECT_TRUE(after->pending);
  EXPECT_EQ(after->credential_set_by, before->credential_set_by);
  EXPECT_EQ(after->password_expires_at, before->password_expires_at);
}

TEST_P(IdentityStoreSuite, ARejectedRowIsSettledAndWritesNothing) {
  TestImport import = NewImport();
  EXPECT_EQ(import.SettleOne(RejectedRow(7)).outcome, kRejected);
  EXPECT_EQ(import.Record().settled_through_row, 7);
  EXPECT_EQ(import.Record().rows[kRejected], 1);
  EXPECT_TRUE(store_->ListClients(organization, {}, std::nullopt, 10)->records.empty());
}

TEST_P(IdentityStoreSuite, ARowWithoutPasswordIsRejectedWhenNoneIsMade) {
  TestImport import = NewImport(With(ExistingAccount::kReport, MissingPassword::kReject));
  const RowAnswer answer =
      import.SettleOne({.number = 1, .email_address = "a@x.example"}, TestCredential::kNone);
  EXPECT_EQ(answer.outcome, kRejected);
  EXPECT_TRUE(answer.password_missing);
  EXPECT_EQ(import.Record().settled_through_row, 1);
}

TEST_P(IdentityStoreSuite, AnEarlierRowOfABatchWins) {
  TestImport import = NewImport();
  const auto answers = import.Settle({{.number = 1, .email_address = "a@x.example"},
                                      {.number = 2, .email_address = "b@x.example"},
                                      {.number = 5, .email_address = "a@x.example"}});
  EXPECT_THAT(Outcomes(answers), ElementsAre(kCreated, kCreated, kDuplicateRow));
  EXPECT_EQ(answers[2].first_row_number, 1);
  EXPECT_EQ(answers[2].client_id, answers[0].client_id);
}

TEST_P(IdentityStoreSuite, AnEarlierBatchWins) {
  TestImport import = NewImport();
  import.SettleOne({.number = 1, .email_address = "a@x.example"});
  const RowAnswer answer = import.SettleOne({.number = 2, .email_address = "a@x.example"});
  EXPECT_EQ(answer.outcome, kDuplicateRow);
  EXPECT_EQ(answer.first_row_number, 1);
}

TEST_P(IdentityStoreSuite, ARowThatWroteNothingIsNoDuplicate) {
  TestImport import = NewImport();
  const auto answers =
      import.Settle({{.number = 1, .email_address = "a@x.example", .first_name = " "},
                     {.number = 2, .email_address = "a@x.example"}});
  EXPECT_THAT(Outcomes(answers), ElementsAre(kRejected, kCreated));
}

TEST_P(IdentityStoreSuite, AnAccountOfAnotherImportExists) {
  const RowAnswer made = NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  const auto before = Account("a@x.example");
  const RowAnswer answer =
      NewImport().SettleOne({.number = 1, .email_address = "a@x.example", .first_name = "Another"});
  EXPECT_EQ(answer.outcome, kAlreadyExists);
  EXPECT_EQ(answer.client_id, made.client_id);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_EQ(Account("a@x.example")->profile, before->profile);
  EXPECT_EQ(Account("a@x.example")->credential_set_by, before->credential_set_by);
}

TEST_P(IdentityStoreSuite, AnUpdateChangesTheProfileAndNothingElse) {
  const RowAnswer made = NewImport().SettleOne(
      {.number = 1, .email_address = "a@x.example", .birthdate = "19810203", .gender = "F"});
  const auto before = Account("a@x.example");
  clock_.Advance(absl::Hours(1));
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const RowAnswer answer = import.SettleOne(
      {.number = 4, .email_address = "a@x.example", .first_name = "Anna", .gender = "M"});
  EXPECT_EQ(answer.outcome, kUpdated);
  EXPECT_EQ(answer.client_id, made.client_id);
  EXPECT_FALSE(answer.credential_set);
  EXPECT_EQ(answer.password_expires_at, absl::InfinitePast());

  const auto after = Account("a@x.example");
  EXPECT_EQ(after->profile, (ClientProfile{"Anna", "Lee", 19810203, 'M'}));
  EXPECT_TRUE(after->profile_changed);
  EXPECT_EQ(after->created_by, before->created_by);
  EXPECT_EQ(after->credential_set_by, before->credential_set_by);
  EXPECT_EQ(after->password_expires_at, before->password_expires_at);
  EXPECT_EQ(Client("a@x.example")->update_time, clock_.Now());
  EXPECT_EQ(Client("a@x.example")->create_time, clock_.Now() - absl::Hours(1));
}

TEST_P(IdentityStoreSuite, AnUpdateWithoutDifferenceIsNone) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example", .gender = "F"});
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const RowAnswer answer =
      import.SettleOne({.number = 1, .email_address = "a@x.example"}, TestCredential::kNone);
  EXPECT_EQ(answer.outcome, kAlreadyExists);
  EXPECT_FALSE(Account("a@x.example")->profile_changed);
}

TEST_P(IdentityStoreSuite, AnUpdateOfAnUnknownClientCreates) {
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  EXPECT_EQ(import.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome, kCreated);
}

TEST_P(IdentityStoreSuite, AReissueReplacesThePassword) {
  const RowAnswer made = NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  clock_.Advance(absl::Hours(1));
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  const RowAnswer answer =
      import.SettleOne({.number = 9, .email_address = "a@x.example", .first_name = "Anna"});
  EXPECT_EQ(answer.outcome, kReissued);
  EXPECT_EQ(answer.client_id, made.client_id);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_EQ(answer.password_expires_at, made.password_expires_at + absl::Hours(1));

  const auto after = Account("a@x.example");
  EXPECT_EQ(after->credential_set_by, (RowReference{import.key().import_id, 9}));
  EXPECT_EQ(after->password_expires_at, answer.password_expires_at);
  EXPECT_EQ(after->profile.first_name, "Ann");
  EXPECT_FALSE(after->profile_changed);
}

TEST_P(IdentityStoreSuite, AReissueRemembersWhoMadeThePassword) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  EXPECT_TRUE(Account("a@x.example")->credential_generated);
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  import.SettleOne({.number = 1, .email_address = "a@x.example", .password = "correct horse"},
                   TestCredential::kGiven);
  EXPECT_FALSE(Account("a@x.example")->credential_generated);
}

TEST_P(IdentityStoreSuite, AnActiveAccountIsNotReissued) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  Use("a@x.example");
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  EXPECT_EQ(import.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome,
            kAlreadyExists);
  EXPECT_FALSE(Client("a@x.example")->pending);
}

TEST_P(IdentityStoreSuite, ASecondRowForAnAccountThatTheImportChangedIsADuplicate) {
  NewImport().Settle({{.number = 1, .email_address = "a@x.example"},
                      {.number = 2, .email_address = "b@x.example"}});
  TestImport update = NewImport(With(ExistingAccount::kUpdateProfile));
  const auto updates =
      update.Settle({{.number = 3, .email_address = "a@x.example", .first_name = "Anna"},
                     {.number = 4, .email_address = "a@x.example", .first_name = "Anne"}});
  EXPECT_THAT(Outcomes(updates), ElementsAre(kUpdated, kDuplicateRow));
  EXPECT_EQ(updates[1].first_row_number, 3);

  TestImport reissue = NewImport(With(ExistingAccount::kReissuePending));
  reissue.SettleOne({.number = 6, .email_address = "b@x.example"});
  const RowAnswer again = reissue.SettleOne({.number = 7, .email_address = "b@x.example"});
  EXPECT_EQ(again.outcome, kDuplicateRow);
  EXPECT_EQ(again.first_row_number, 6);
}

TEST_P(IdentityStoreSuite, ABatchStopsAtARowThatNeedsACredential) {
  TestImport import = NewImport();
  std::vector<PreparedRow> rows;
  rows.push_back(
      Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
  rows.push_back(Prepare({.number = 2, .email_address = "b@x.example", .password = "correct horse"},
                         TestCredential::kNone));
  rows.push_back(
      Prepare({.number = 3, .email_address = "c@x.example"}, TestCredential::kGenerated));
  auto batch = import.MakeBatch(std::move(rows));
  batch->completes_import = true;
  const auto answer = import.Commit(batch);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(Outcomes(answer->answers), ElementsAre(kCreated));
  EXPECT_EQ(answer->stop, BatchStop::kNeedsCredential);
  EXPECT_EQ(import.Record().settled_through_row, 1);
  EXPECT_EQ(import.Record().rows.total(), 1);
  EXPECT_FALSE(import.Record().complete());
  EXPECT_FALSE(Client("c@x.example"));
}

TEST_P(IdentityStoreSuite, AReissueWithoutCredentialStopsToo) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport import = NewImport(With(ExistingAccount::kReissuePending));
  std::vector<PreparedRow> rows;
  rows.push_back(Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kNone));
  const auto answer = import.Commit(import.MakeBatch(std::move(rows)));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->stop, BatchStop::kNeedsCredential);
  EXPECT_TRUE(answer->answers.empty());
}

TEST_P(IdentityStoreSuite, ACompleteImportTakesNoNewRows) {
  TestImport import = NewImport();
  import.SettleOne({.number = 1, .email_address = "a@x.example"});
  import.Complete();
  EXPECT_TRUE(import.Record().complete());
  EXPECT_TRUE(import.Claim().complete);

  std::vector<PreparedRow> rows;
  rows.push_back(Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kNone));
  rows.push_back(
      Prepare({.number = 2, .email_address = "b@x.example"}, TestCredential::kGenerated));
  const auto answer = import.Commit(import.MakeBatch(std::move(rows)));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->stop, BatchStop::kImportComplete);
  ASSERT_THAT(Outcomes(answer->answers), ElementsAre(kCreated));
  EXPECT_TRUE(answer->answers[0].replayed);
  EXPECT_FALSE(Client("b@x.example"));
}

TEST_P(IdentityStoreSuite, TheLastBatchMayHaveRows) {
  TestImport import = NewImport();
  std::vector<PreparedRow> rows;
  rows.push_back(
      Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
  auto batch = import.MakeBatch(std::move(rows));
  batch->completes_import = true;
  EXPECT_TRUE(import.Commit(batch).ok());
  EXPECT_TRUE(import.Record().complete());
  EXPECT_EQ(import.Record().settled_through_row, 1);
}

TEST_P(IdentityStoreSuite, EachNewRowIsCountedOnce) {
  NewImport().Settle({{.number = 1, .email_address = "old@x.example"},
                      {.number = 2, .email_address = "same@x.example"}});
  clock_.Advance(absl::Minutes(1));
  TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
  const std::vector<TestRow> rows = {
      {.number = 1, .email_address = "a@x.example"},
      {.number = 2, .email_address = "a@x.example"},
      {.number = 3, .email_address = "old@x.example", .first_name = "New"},
      {.number = 4, .email_address = "same@x.example"},
      RejectedRow(5),
      {.number = 6, .email_address = "b@x.example"}};
  import.Settle(rows);
  const ImportRecord record = import.Record();
  import.Settle(rows);

  EXPECT_EQ(record.rows[kCreated], 2);
  EXPECT_EQ(record.rows[kDuplicateRow], 1);
  EXPECT_EQ(record.rows[kUpdated], 1);
  EXPECT_EQ(record.rows[kAlreadyExists], 1);
  EXPECT_EQ(record.rows[kRejected], 1);
  EXPECT_EQ(record.rows.total(), 6);
  EXPECT_EQ(record.settled_through_row, 6);
  EXPECT_EQ(import.Record().rows, record.rows) << "replays are not counted";
}

TEST_P(IdentityStoreSuite, ABatchWithoutRowsIsAnswered) {
  TestImport import = NewImport();
  EXPECT_TRUE(import.Settle({}).empty());
}

TEST_P(IdentityStoreSuite, ClientIdsRiseInTheOrderOfTheRows) {
  TestImport import = NewImport();
  std::vector<TestRow> rows;
  for (int i = 1; i <= 500; ++i) {
    rows.push_back({.number = i, .email_address = std::to_string(i * 7919 % 503) + "@x.example"});
  }
  std::vector<Uuid> ids;
  for (const RowAnswer& answer : import.Settle(rows)) ids.push_back(answer.client_id);
  EXPECT_TRUE(std::ranges::is_sorted(ids, std::less()));
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

// A mixture of everything, so that how it is cut can be seen to change nothing.
std::vector<TestRow> MixedRows(int count) {
  std::vector<TestRow> rows;
  for (int i = 1; i <= count; ++i) {
    if (i % 11 == 0) {
      rows.push_back(RejectedRow(i));
      continue;
    }
    const int person = i % 5 == 0 ? i / 2 : i;
    rows.push_back({.number = i,
                    .email_address = "p" + std::to_string(person) + "@x.example",
                    .first_name = i % 3 == 0 ? "Anna" : "Ann"});
  }
  return rows;
}

TEST_P(IdentityStoreSuite, AnswersDoNotDependOnWhereBatchesWereCut) {
  constexpr int count = 1024;
  const std::vector<TestRow> rows = MixedRows(count);
  std::vector<RowOutcome> expected;
  std::vector<std::int64_t> expected_first_rows;
  for (const int batch_rows : {1024, 256, 7, 1}) {
    const OrganizationId cut = Organization("cut-" + std::to_string(batch_rows));
    NewImportOf(cut).Settle({{.number = 1, .email_address = "p1@x.example"},
                             {.number = 2, .email_address = "p3@x.example"}});
    TestImport import = NewImportOf(cut, With(ExistingAccount::kUpdateProfile));
    std::vector<RowOutcome> outcomes;
    std::vector<std::int64_t> first_rows;
    for (int begin = 0; begin < count; begin += batch_rows) {
      const auto end = rows.begin() + std::min(begin + batch_rows, count);
      for (const RowAnswer& answer : import.Settle({rows.begin() + begin, end})) {
        outcomes.push_back(answer.outcome);
        first_rows.push_back(answer.first_row_number);
      }
    }
    if (expected.empty()) {
      expected = outcomes;
      expected_first_rows = first_rows;
    }
    EXPECT_EQ(outcomes, expected) << "cut into batches of " << batch_rows;
    EXPECT_EQ(first_rows, expected_first_rows) << "cut into batches of " << batch_rows;
  }
}

// A row that brings no password is not answered by what a later row makes, however
// the rows come.
TEST_P(IdentityStoreSuite, ARowIsNoDuplicateOfALaterOne) {
  for (const auto existing : {ExistingAccount::kReport, ExistingAccount::kUpdateProfile}) {
    for (const bool one_batch : {true, false}) {
      SCOPED_TRACE(std::to_string(static_cast<int>(existing)) + (one_batch ? " in one" : " cut"));
      const std::string address =
          std::to_string(static_cast<int>(existing)) + (one_batch ? "one" : "cut") + "@x.example";
      TestImport import = NewImport(With(existing, MissingPassword::kReject));
      const auto batch_of = [&](std::int64_t first, std::int64_t last) {
        auto batch = import.MakeBatch({});
        batch->missing_password = MissingPassword::kReject;
        batch->existing_account = existing;
        for (std::int64_t number = first; number <= last; ++number) {
          batch->rows.push_back(
              Prepare({.number = number, .email_address = address},
                      number == 2 ? TestCredential::kGiven : TestCredential::kNone));
        }
        return batch;
      };
      std::vector<RowAnswer> answers;
      for (std::int64_t number = 1; number <= 3; number = std::ssize(answers) + 1) {
        const auto answer = import.Commit(batch_of(number, one_batch ? 3 : number));
        ASSERT_TRUE(answer.ok()) << answer.status();
        ASSERT_EQ(answer->stop, BatchStop::kNone);
        answers.insert(answers.end(), answer->answers.begin(), answer->answers.end());
      }
      ASSERT_EQ(answers.size(), 3u);
      EXPECT_EQ(answers[0].outcome, RowOutcome::kRejected);
      EXPECT_TRUE(answers[0].password_missing);
      EXPECT_EQ(answers[1].outcome, RowOutcome::kCreated);
      EXPECT_EQ(answers[2].outcome, RowOutcome::kDuplicateRow);
      EXPECT_EQ(answers[2].first_row_number, 2);
      EXPECT_EQ(answers[2].client_id, answers[1].client_id);
    }
  }
}

}  // namespace
}  // namespace provisioning
