// SPDX-License-Identifier: Apache-2.0
// Who holds an import, and what a stream that lost it can still do.
#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using enum RowOutcome;

TEST_P(IdentityStoreSuite, AClaimOpensAnImport) {
  TestImport import(*store_, clock_, organization);
  ImportClaim claim = import.MakeClaim();
  claim.options.source_name = "klienten.csv";
  claim.options.source_sha256 = std::string(64, 'a');
  claim.options.temporary_password_ttl = absl::Hours(30);
  claim.session_id = "pod-1";
  claim.attempt = 4;
  const auto claimed = store_->ClaimImport(claim);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  EXPECT_EQ(claimed->settled_through_row, 0);
  EXPECT_FALSE(claimed->complete);

  const ImportRecord record = import.Record();
  EXPECT_EQ(record.key, import.key());
  EXPECT_EQ(record.options.source_name, "klienten.csv");
  EXPECT_EQ(record.options.source_sha256, claim.options.source_sha256);
  EXPECT_EQ(record.options.temporary_password_ttl, absl::Hours(30));
  EXPECT_EQ(record.session_id, "pod-1");
  EXPECT_EQ(record.attempt, 4);
  EXPECT_EQ(record.stream_count, 1);
  EXPECT_EQ(record.create_time, clock_.Now());
  EXPECT_EQ(record.update_time, clock_.Now());
}

TEST_P(IdentityStoreSuite, AnUnknownImportHasNoRecord) {
  EXPECT_FALSE(store_->GetImport({organization, Uuid::NewV7(clock_.Now())})->has_value());
}

TEST_P(IdentityStoreSuite, EveryClaimHasANewEpochAndSeesWhatIsSettled) {
  TestImport import(*store_, clock_, organization);
  const ClaimedImport first = import.Claim();
  import.SettleOne({.number = 8, .email_address = "a@x.example"});
  clock_.Advance(absl::Minutes(1));
  const ClaimedImport second = import.Claim();
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_EQ(second.settled_through_row, 8);
  EXPECT_EQ(import.Record().stream_count, 2);
  EXPECT_EQ(import.Record().create_time, clock_.Now() - absl::Minutes(1));
  EXPECT_EQ(import.Record().update_time, clock_.Now());
}

TEST_P(IdentityStoreSuite, AnOlderEpochWritesNothing) {
  TestImport older = NewImport();
  TestImport newer = older;
  newer.Claim();
  std::vector<PreparedRow> rows;
  rows.push_back(
      Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
  EXPECT_THAT(older.Commit(older.MakeBatch(std::move(rows))).status(),
              HasReason(ErrorReason::kTakenOver));
  EXPECT_FALSE(Client("a@x.example"));
  EXPECT_EQ(newer.Record().settled_through_row, 0);
  EXPECT_EQ(newer.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome, kCreated);
}

TEST_P(IdentityStoreSuite, AnOlderEpochRenewsNoPassword) {
  TestImport older = NewImport();
  const RowAnswer made = older.SettleOne({.number = 1, .email_address = "a@x.example"});
  TestImport newer = older;
  newer.Claim();
  clock_.Advance(absl::Hours(1));
  std::vector<PreparedRow> rows;
  rows.push_back(
      Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
  EXPECT_THAT(older.Commit(older.MakeBatch(std::move(rows))).status(),
              HasReason(ErrorReason::kTakenOver));
  EXPECT_EQ(Account("a@x.example")->password_expires_at, made.password_expires_at);
}

TEST_P(IdentityStoreSuite, AnOlderEpochCannotComplete) {
  TestImport older = NewImport();
  TestImport newer = older;
  newer.Claim();
  auto batch = older.MakeBatch({});
  batch->completes_import = true;
  EXPECT_THAT(older.Commit(batch).status(), HasReason(ErrorReason::kTakenOver));
  EXPECT_FALSE(newer.Record().complete());
}

TEST_P(IdentityStoreSuite, ABatchOfAnUnknownImportIsRefused) {
  const TestImport unknown(*store_, clock_, organization);
  EXPECT_THAT(unknown.Commit(unknown.MakeBatch({})).status(), HasReason(ErrorReason::kTakenOver));
}

TEST_P(IdentityStoreSuite, TheHigherAttemptOfASessionHolds) {
  struct Case {
    const char* what;
    std::string session_id;
    std::int64_t attempt;
    bool taken;
  };
  // The import is held by attempt 5 of session "a".
  const Case cases[] = {
      {"older attempt", "a", 4, false}, {"same attempt", "a", 5, true},
      {"next attempt", "a", 6, true},   {"another session, lower attempt", "b", 0, true},
      {"no session", "", 0, true},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.what);
    const TestImport import(*store_, clock_, organization);
    ImportClaim claim = import.MakeClaim();
    claim.session_id = "a";
    claim.attempt = 5;
    const auto holder = store_->ClaimImport(claim);
    ASSERT_TRUE(holder.ok()) << holder.status();
    const ImportRecord before = import.Record();

    claim.session_id = test.session_id;
    claim.attempt = test.attempt;
    const auto claimed = store_->ClaimImport(claim);
    if (test.taken) {
      ASSERT_TRUE(claimed.ok()) << claimed.status();
      EXPECT_GT(claimed->epoch, holder->epoch);
      EXPECT_EQ(import.Record().session_id, test.session_id);
      EXPECT_EQ(import.Record().attempt, test.attempt);
    } else {
      EXPECT_THAT(claimed.status(), HasReason(ErrorReason::kTakenOver));
      EXPECT_EQ(import.Record().stream_count, before.stream_count);
      EXPECT_EQ(import.Record().attempt, before.attempt);
    }
  }
}

TEST_P(IdentityStoreSuite, TwoStreamsWithoutSessionTakeOverFromEachOther) {
  const TestImport import(*store_, clock_, organization);
  ImportClaim claim = import.MakeClaim();
  claim.attempt = 5;
  ASSERT_TRUE(store_->ClaimImport(claim).ok());
  claim.attempt = 2;
  EXPECT_TRUE(store_->ClaimImport(claim).ok());
}

TEST_P(IdentityStoreSuite, TheFirstClaimPinsTheOptions) {
  struct Case {
    std::string differs;  // Empty: nothing that counts.
    std::function<void(ImportOptions&)> change;
  };
  const Case cases[] = {
      {"missing_password", [](ImportOptions& o) { o.missing_password = MissingPassword::kReject; }},
      {"existing_account",
       [](ImportOptions& o) { o.existing_account = ExistingAccount::kUpdateProfile; }},
      {"temporary_password_ttl",
       [](ImportOptions& o) { o.temporary_password_ttl += absl::Seconds(1); }},
      {"source_sha256", [](ImportOptions& o) { o.source_sha256 = std::string(64, 'b'); }},
      {"", [](ImportOptions& o) { o.source_sha256.clear(); }},
      {"", [](ImportOptions& o) { o.source_name = "another.csv"; }},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.differs);
    const TestImport import(*store_, clock_, organization);
    ImportClaim claim = import.MakeClaim();
    claim.options.source_name = "one.csv";
    claim.options.source_sha256 = std::string(64, 'a');
    ASSERT_TRUE(store_->ClaimImport(claim).ok());
    test.change(claim.options);
    const absl::Status status = store_->ClaimImport(claim).status();
    EXPECT_EQ(import.Record().options.source_name, "one.csv");
    EXPECT_EQ(import.Record().options.source_sha256, std::string(64, 'a'));
    if (test.differs.empty()) {
      EXPECT_TRUE(status.ok()) << status;
      continue;
    }
    EXPECT_THAT(status, HasReason(ErrorReason::kOptionsDiffer));
    EXPECT_EQ(FieldOf(status), test.differs);
    EXPECT_EQ(import.Record().stream_count, 1);
  }
}

TEST_P(IdentityStoreSuite, AnAnswerBeyondTheSettledRowMeansTheStoreIsBehind) {
  TestImport import = NewImport();
  import.Settle({{.number = 1, .email_address = "a@x.example"},
                 {.number = 6,
                  .email_address = "b@x.example" }});
  ImportClaim claim = import.MakeClaim();
  claim.answered_through_row = 7;
  const absl::Status status = store_->ClaimImport(claim).status();
  EXPECT_THAT(status, HasReason(ErrorReason::kStoreBehind));
  EXPECT_EQ(RowNumberOf(status), 6);
  EXPECT_EQ(import.SettleOne({.number = 7, .email_address = "c@x.example"}).outcome, kCreated)
      << "the epoch was not taken";
  claim.answered_through_row = 7;
  EXPECT_TRUE(store_->ClaimImport(claim).ok());
}

TEST_P(IdentityStoreSuite, AnAnswerOfAnImportThatIsNotThereMeansTheStoreIsBehind) {
  const TestImport import(*store_, clock_, organization);
  ImportClaim claim = import.MakeClaim();
  claim.answered_through_row = 1;
  const absl::Status status = store_->ClaimImport(claim).status();
  EXPECT_THAT(status, HasReason(ErrorReason::kStoreBehind));
  EXPECT_EQ(RowNumberOf(status), 0);
  EXPECT_FALSE(store_->GetImport(import.key())->has_value());
  claim.answered_through_row = 0;
  EXPECT_TRUE(store_->ClaimImport(claim).ok());
}

}  // namespace
}  // namespace provisioning
