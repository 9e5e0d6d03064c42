// SPDX-License-Identifier: Apache-2.0
// Who did what: a record in the transaction of each change, in order, for good.
#include <atomic>
#include <thread>

#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"
#include "tests/support/poll_until.h"

namespace provisioning {
namespace {

using testing::IsEmpty;
using enum RowOutcome;

// Those behind the first `skip`.
std::vector<AuditRecord> NewAudit(IdentityStore& store, std::size_t skip) {
  std::vector<AuditRecord> records = AuditOf(store);
  EXPECT_GE(records.size(), skip);
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(skip));
  return records;
}

std::vector<AuditEvent> Events(const std::vector<AuditRecord>& records) {
  std::vector<AuditEvent> events;
  for (const AuditRecord& record : records) events.push_back(record.event);
  return events;
}

TEST_P(IdentityStoreSuite, AClaimIsInTheAudit) {
  TestImport import(*store_, clock_, organization);
  clock_.Set(absl::FromUnixMicros(1'790'000'000'123'456));
  import.Claim();
  import.Claim();
  const auto audit = AuditOf(*store_);
  ASSERT_EQ(audit.size(), 2u);
  for (const AuditRecord& record : audit) {
    EXPECT_EQ(record.event, AuditEvent::kImportClaimed);
    EXPECT_EQ(record.organization_id, organization);
    EXPECT_EQ(record.caller, import_caller);
    EXPECT_EQ(record.import_id, import.key().import_id);
    EXPECT_FALSE(record.client_id);
    EXPECT_EQ(record.time, clock_.Now());
    EXPECT_EQ(record.rows.total(), 0);
    EXPECT_EQ(record.clients, 0);
  }
  EXPECT_GE(audit[0].audit_id, 1);
  EXPECT_GT(audit[1].audit_id, audit[0].audit_id);
}

TEST_P(IdentityStoreSuite, ARefusedClaimIsNotInTheAudit) {
  TestImport import = NewImport();
  const std::size_t before = AuditOf(*store_).size();
  EXPECT_FALSE(import.TryClaim(1).ok());
  ImportClaim claim = import.MakeClaim();
  claim.options.temporary_password_ttl += absl::Hours(1);
  EXPECT_FALSE(store_->ClaimImport(claim).ok());
  EXPECT_EQ(AuditOf(*store_).size(), before);
}

TEST_P(IdentityStoreSuite, ACompletedImportIsInTheAuditOnceWithItsCounts) {
  TestImport import = NewImport();
  import.Settle({{.number = 1, .email_address = "a@x.example"},
                 {.number = 2, .email_address = "a@x.example"},
                 RejectedRow(3),
                 {.number = 4,
                  .email_address = "b@x.example" }});
  EXPECT_EQ(AuditOf(*store_).size(), 1u) << "rows are not in it one by one";
  auto last = import.MakeBatch({});
  last->rows.push_back(
      Prepare({.number = 5, .email_address = "c@x.example"}, TestCredential::kGenerated));
  last->completes_import = true;
  ASSERT_TRUE(import.Commit(last).ok());
  import.Complete();

  const auto audit = NewAudit(*store_, 1);
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].event, AuditEvent::kImportCompleted);
  EXPECT_EQ(audit[0].caller, import_caller);
  EXPECT_EQ(audit[0].import_id, import.key().import_id);
  EXPECT_FALSE(audit[0].client_id);
  EXPECT_EQ(audit[0].rows, import.Record().rows);
  EXPECT_EQ(audit[0].rows[kCreated], 3);
  EXPECT_EQ(audit[0].rows[kDuplicateRow], 1);
  EXPECT_EQ(audit[0].rows[kRejected], 1);
}

TEST_P(IdentityStoreSuite, ASingleClientIsInTheAuditAsSuch) {
  ImportOptions options = With(ExistingAccount::kReport);
  options.single_client = true;
  const auto create = [&](const TestRow& row) {
    TestImport import = NewImport(options);
    auto batch = import.MakeBatch({});
    batch->rows.push_back(Prepare(row, TestCredential::kGenerated));
    batch->completes_import = true;
    return import.Commit(batch)->answers.at(0);
  };
  const RowAnswer made = create({.number = 1, .email_address = "a@x.example"});
  auto audit = AuditOf(*store_);
  ASSERT_EQ(audit.size(), 2u);
  EXPECT_EQ(audit[1].event, AuditEvent::kClientCreated);
  EXPECT_EQ(audit[1].client_id, made.client_id);
  EXPECT_EQ(audit[1].caller, import_caller);

  for (const TestRow& row :
       {TestRow{.number = 1, .email_address = "a@x.example"}, RejectedRow(1)}) {
    const std::size_t before = AuditOf(*store_).size();
    EXPECT_NE(create(row).outcome, kCreated);
    audit = NewAudit(*store_, before);
    ASSERT_EQ(audit.size(), 2u);
    EXPECT_EQ(audit[1].event, AuditEvent::kImportCompleted);
    EXPECT_FALSE(audit[1].client_id);
  }
}

// As CreateClient goes, and when its caller comes back between the two.
TEST_P(IdentityStoreSuite, ASingleClientIsInTheAuditWithTheBatchThatMakesIt) {
  for (const bool comes_back : {false, true}) {
    SCOPED_TRACE(comes_back);
    ImportOptions options = With(ExistingAccount::kReport);
    options.single_client = true;
    TestImport import = NewImport(options);
    const TestRow row{.number = 1, .email_address = comes_back ? "b@x.example" : "a@x.example"};
    const std::size_t before = AuditOf(*store_).size();
    const RowAnswer made = import.SettleOne(row);
    auto audit = NewAudit(*store_, before);
    ASSERT_EQ(audit.size(), 1u) << "before the import is complete";
    EXPECT_EQ(audit[0].event, AuditEvent::kClientCreated);
    EXPECT_EQ(audit[0].client_id, made.client_id);
    EXPECT_EQ(audit[0].import_id, import.key().import_id);
    EXPECT_EQ(audit[0].caller, import_caller);
    EXPECT_EQ(audit[0].time, clock_.Now());
    if (comes_back) {
      import.Claim(0);
      EXPECT_TRUE(import.SettleOne(row).replayed);
    }
    import.Complete();
    EXPECT_EQ(import.Record().state, ImportState::kComplete);
    audit = NewAudit(*store_, before);
    EXPECT_EQ(audit.size(), comes_back ? 2u : 1u);
    EXPECT_EQ(std::ranges::count(Events(audit), AuditEvent::kClientCreated), 1);
  }
}

TEST_P(IdentityStoreSuite, EveryChangeOfAnAccountIsInTheAuditOnce) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const std::size_t before = AuditOf(*store_).size();
  const Uuid import_id = account.import().key().import_id;
  std::vector<absl::Time> times;
  const auto next = [&] {
    clock_.Advance(absl::Seconds(1));
    times.push_back(clock_.Now());
  };
  next();
  store_->RecordLocked(organization, account.client_id(), test_caller, clock_.Now());
  // It is only queued.
  ASSERT_TRUE(PollUntil([&] { return NewAudit(*store_, before).size() == 1; }));
  next();
  EXPECT_EQ(account.Reissue({.import_id = import_id})->verdict, ReissueVerdict::kReissued);
  next();
  EXPECT_EQ(account.Reissue({})->verdict, ReissueVerdict::kReissued);
  next();
  EXPECT_TRUE(account.Activate(account.SignIn()->credential).value());
  next();
  EXPECT_EQ(account.Reissue({.reset_active = true})->verdict, ReissueVerdict::kReissued);
  next();
  EXPECT_TRUE(account.Erase().value());
  EXPECT_TRUE(account.Erase().value());

  const auto audit = NewAudit(*store_, before);
  EXPECT_EQ(Events(audit), (std::vector{AuditEvent::kClientLocked, AuditEvent::kPasswordReissued,
                                        AuditEvent::kPasswordReissued, AuditEvent::kClientActivated,
                                        AuditEvent::kPasswordReset, AuditEvent::kClientErased}));
  ASSERT_EQ(audit.size(), times.size());
  for (std::size_t i = 0; i < audit.size(); ++i) {
    EXPECT_EQ(audit[i].client_id, account.client_id());
    EXPECT_EQ(audit[i].organization_id, organization);
    EXPECT_EQ(audit[i].caller, test_caller);
    EXPECT_EQ(audit[i].time, times[i]);
    EXPECT_EQ(audit[i].import_id, i == 1 ? std::optional(import_id) : std::nullopt);
  }
}

TEST_P(IdentityStoreSuite, WhatChangedNothingIsNotInTheAudit) {
  const TestAccount active(*store_, clock_, organization, Life::kActivated);
  const TestAccount erased(*store_, clock_, organization, Life::kErased);
  const std::size_t before = AuditOf(*store_).size();
  EXPECT_FALSE(active.Activate(active.credential()).value());
  EXPECT_EQ(active.Reissue({})->verdict, ReissueVerdict::kActive);
  EXPECT_EQ(active.Reissue({.reset_active = true, .import_id = Uuid::NewV7(clock_.Now())})->verdict,
            ReissueVerdict::kPasswordReplaced);
  EXPECT_FALSE(erased.Activate(erased.credential()).value());
  EXPECT_EQ(erased.Reissue({})->verdict, ReissueVerdict::kNotFound);
  EXPECT_TRUE(erased.Erase().value());
  EXPECT_EQ(AuditOf(*store_).size(), before);
}

TEST_P(IdentityStoreSuite, ARevertIsInTheAuditStepByStep) {
  TestImport import = NewImport();
  std::vector<TestRow> rows;
  for (int i = 1; i <= 5; ++i) {
    rows.push_back({.number = i, .email_address = std::to_string(i) + "@x.example"});
  }
  import.Settle(rows);
  Use("3@x.example");
  const std::size_t before = AuditOf(*store_).size();
  ASSERT_TRUE(store_->BeginRevert(import.key(), test_caller, clock_.Now()).ok());
  std::int64_t after_row = 0;
  for (int clients_max : {2, 1, 5}) {
    after_row =
        store_->RevertClients(import.key(), after_row, clients_max, test_caller, clock_.Now())
            ->through_row;
  }
  const auto audit = NewAudit(*store_, before);
  EXPECT_EQ(Events(audit), (std::vector{AuditEvent::kRevertBegun, AuditEvent::kClientsReverted,
                                        AuditEvent::kClientsReverted, AuditEvent::kRevertEnded}))
      << "the step that found only a client who stays changed nothing";
  const std::int64_t clients[] = {0, 2, 2, 4};
  ASSERT_EQ(audit.size(), std::size(clients));
  for (std::size_t i = 0; i < audit.size(); ++i) {
    EXPECT_EQ(audit[i].clients, clients[i]);
    EXPECT_EQ(audit[i].caller, test_caller);
    EXPECT_EQ(audit[i].import_id, import.key().import_id);
    EXPECT_FALSE(audit[i].client_id);
  }
}

TEST_P(IdentityStoreSuite, ABatchThatIsRefusedLeavesNothingInTheAudit) {
  TestImport older = NewImport();
  TestImport newer = older;
  newer.Claim();
  const std::size_t before = AuditOf(*store_).size();
  auto batch = older.MakeBatch({});
  batch->rows.push_back(
      Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
  batch->completes_import = true;
  EXPECT_THAT(older.Commit(batch).status(), HasReason(ErrorReason::kTakenOver));
  EXPECT_EQ(AuditOf(*store_).size(), before);
}

TEST_P(IdentityStoreSuite, TheAuditIsReadInPagesAcrossOrganizations) {
  EXPECT_THAT(AuditOf(*store_), IsEmpty());
  for (int i = 0; i < 7; ++i) NewImportOf(i % 2 == 0 ? organization : other_organization);
  const auto all = AuditOf(*store_);
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[1].organization_id, other_organization);
  for (const int page_size : {1, 2, 3, 7, 100}) {
    SCOPED_TRACE(page_size);
    std::vector<std::int64_t> ids;
    std::optional<std::int64_t> after = 0;
    while (after) {
      const auto page = store_->ListAudit(*after, page_size);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const AuditRecord& record : page->records) ids.push_back(record.audit_id);
      after = page->next_after;
      if (after) {
        EXPECT_EQ(page->records.size(), static_cast<std::size_t>(page_size));
        EXPECT_EQ(*after, ids.back());
      }
    }
    ASSERT_EQ(ids.size(), all.size());
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(ids[i], all[i].audit_id);
  }
  EXPECT_THAT(store_->ListAudit(all.back().audit_id, 10)->records, IsEmpty());
}

TEST_P(IdentityStoreSuite, TheAuditGoesOnAfterReopening) {
  NewImport();
  const auto before = AuditOf(*store_);
  Reopen();
  NewImport();
  const auto after = AuditOf(*store_);
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_EQ(after[0].audit_id, before[0].audit_id);
  EXPECT_GT(after[1].audit_id, after[0].audit_id);
}

// Of those who try at once to use a password up, one is in the audit.
TEST_P(IdentityStoreSuite, OfManyActivationsAtOnceOneIsDoneAndInTheAudit) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const std::size_t before = AuditOf(*store_).size();
  std::atomic<int> activated = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (account.Activate(account.credential()).value()) ++activated;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(activated, 1);
  EXPECT_EQ(Events(NewAudit(*store_, before)), std::vector{AuditEvent::kClientActivated});
}

}  // namespace
}  // namespace provisioning
