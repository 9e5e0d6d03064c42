// SPDX-License-Identifier: Apache-2.0
// A disk that is full, and a disk that breaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "service/model/error.h"
#include "service/store/failure_key.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_account.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/failing_vfs.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

class SqliteFault : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    auto store = SqliteIdentityStore::Open({.path = path_,
                                            .vfs_name = vfs_.name(),
                                            .on_broken = [this](const absl::Status&) { ++broken_; },
                                            .busy_timeout = absl::Milliseconds(1),
                                            .erasure_time_max = absl::Milliseconds(50)});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  std::shared_ptr<ImportBatch> Batch(const TestImport& import, int first_row, int rows) {
    auto batch = import.MakeBatch({});
    for (int i = first_row; i < first_row + rows; ++i) {
      batch->rows.push_back(
          Prepare({.number = i, .email_address = std::to_string(i) + "@x.example"},
                  TestCredential::kGenerated));
    }
    return batch;
  }

  std::size_t ClientCount() {
    return store_->ListClients(organization, {}, std::nullopt, 1000)->records.size();
  }

  const OrganizationId organization = Organization("clinic-1");
  FakeClock clock_;
  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
  FailingVfs vfs_;
  std::atomic<int> broken_ = 0;
  std::unique_ptr<SqliteIdentityStore> store_;
};

TEST_F(SqliteFault, AFullDiskLosesTheBatchAndNothingElse) {
  TestImport import(*store_, clock_, organization);
  import.Claim();
  ASSERT_TRUE(import.Commit(Batch(import, 1, 10)).ok());

  // Wherever in the transaction it is noticed.
  for (const int write : {1, 2, 5}) {
    vfs_.Fail(FailingVfs::Kind::kWrite, write, SQLITE_FULL, FailingVfs::Span::kForever);
    EXPECT_THAT(import.Commit(Batch(import, 11, 500)).status(), HasReason(ErrorReason::kDiskFull));
    EXPECT_EQ(ClientCount(), 10u);
    EXPECT_EQ(import.Record().settled_through_row, 10);
    EXPECT_TRUE(store_->CheckReady().ok());
    vfs_.Mend();
  }
  const auto answer = import.Commit(Batch(import, 11, 500));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->answers.size(), 500u);
  EXPECT_FALSE(answer->answers.at(0).replayed);
  EXPECT_EQ(ClientCount(), 510u);
  EXPECT_EQ(broken_, 0);
}

TEST_F(SqliteFault, AClaimOnAFullDiskTakesNothing) {
  TestImport import(*store_, clock_, organization);
  vfs_.Fail(FailingVfs::Kind::kWrite, 1, SQLITE_FULL, FailingVfs::Span::kForever);
  EXPECT_THAT(store_->ClaimImport(import.MakeClaim()).status(), HasReason(ErrorReason::kDiskFull));
  vfs_.Mend();
  EXPECT_FALSE(store_->GetImport(import.key())->has_value());
  EXPECT_EQ(import.Claim().epoch, 1);
}

TEST_F(SqliteFault, OnAFullDiskNoAccountChangesAndNothingIsInTheAudit) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const TestAccount active(*store_, clock_, organization, Life::kActivated);
  const TestAccount reverted(*store_, clock_, organization, Life::kReissuedForImport);
  const ImportKey begun = reverted.import().key();
  ASSERT_TRUE(store_->BeginRevert(begun, test_caller, clock_.Now()).ok());
  const std::string known = account.Known() + active.Known() + reverted.Known();
  const std::size_t audited = AuditOf(*store_).size();
  const ImportKey key = account.import().key();
  const std::pair<const char*, std::function<absl::Status()>> changes[] = {
      {"activate", [&] { return account.Activate(account.credential()).status(); }},
      {"reissue", [&] { return account.Reissue({}).status(); }},
      {"erase", [&] { return account.Erase().status(); }},
      {"sign in",
       [&] {
         return store_->RecordSignIn({.organization_id = organization,
                                      .client_id = active.client_id(),
                                      .expected_credential = active.credential(),
                                      .rehashed = MakeCredential(TestCredential::kGenerated)});
       }},
      {"begin a revert", [&] { return store_->BeginRevert(key, test_caller, clock_.Now()); }},
      {"revert",
       [&] { return store_->RevertClients(begun, 0, 10, test_caller, clock_.Now()).status(); }},
  };
  for (const auto& [what, change] : changes) {
    vfs_.Fail(FailingVfs::Kind::kWrite, 1, SQLITE_FULL, FailingVfs::Span::kForever);
    EXPECT_THAT(change(), HasReason(ErrorReason::kDiskFull)) << what;
    vfs_.Mend();
    EXPECT_EQ(account.Known() + active.Known() + reverted.Known(), known) << what;
    EXPECT_EQ(AuditOf(*store_).size(), audited) << what;
  }
  EXPECT_TRUE(account.Activate(account.credential()).value()) << "and it goes on";
  EXPECT_EQ(AuditOf(*store_).size(), audited + 1);
  EXPECT_EQ(broken_, 0);
}

TEST_F(SqliteFault, OnAFullDiskNoFailureIsCounted) {
  const FailureKey key = UnknownFailureKey(organization, "nobody@x.example");
  const auto count = [&] { return store_->CountAttempt(key, few_failures, clock_.Now()); };
  EXPECT_EQ(count()->failures, 1);
  vfs_.Fail(FailingVfs::Kind::kWrite, 1, SQLITE_FULL, FailingVfs::Span::kForever);
  EXPECT_THAT(count().status(), HasReason(ErrorReason::kDiskFull));
  EXPECT_THAT(store_->ForgetFailures(key), HasReason(ErrorReason::kDiskFull));
  vfs_.Mend();
  EXPECT_EQ(count()->failures, 2);
  EXPECT_EQ(broken_, 0);
}

TEST_F(SqliteFault, ABrokenFileOfFailuresIsTheEnd) {
  const FailureKey key = UnknownFailureKey(organization, "nobody@x.example");
  vfs_.Fail(FailingVfs::Kind::kWrite, 1, SQLITE_IOERR_WRITE, FailingVfs::Span::kOnce);
  EXPECT_THAT(store_->CountAttempt(key, few_failures, clock_.Now()).status(),
              HasReason(ErrorReason::kStoreUnavailable));
  vfs_.Mend();
  EXPECT_THAT(store_->CountAttempt(key, few_failures, clock_.Now()).status(),
              HasReason(ErrorReason::kStoreUnavailable));
  EXPECT_EQ(broken_, 1);
}

// The change may be there before the log is rid of what it replaced: then it is
// no success, and the same call finishes it.
TEST_F(SqliteFault, AnErasureThatFindsTheDiskFullIsFinishedByTheSameCall) {
  const auto on_disk = [&](const std::string& text) {
    for (const char* suffix : {"", "-wal"}) {
      std::ifstream file(path_ + suffix, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  };
  int erased_and_failed = 0;
  for (int write = 1;; ++write) {
    SCOPED_TRACE(write);
    const TestAccount account(*store_, clock_, organization, Life::kPending);
    const std::size_t audited = AuditOf(*store_).size();
    ASSERT_TRUE(on_disk(account.row().email_address));
    vfs_.Fail(FailingVfs::Kind::kWrite, write, SQLITE_FULL, FailingVfs::Span::kForever);
    const auto erased = account.Erase();
    vfs_.Mend();
    if (!erased.ok()) {
      const bool gone = account.Known().empty();
      EXPECT_THAT(erased.status(),
                  HasReason(gone ? ErrorReason::kStoreUnavailable : ErrorReason::kDiskFull))
          << "a full disk is one on which nothing was changed";
      if (gone) ++erased_and_failed;
      EXPECT_TRUE(account.Erase().value());
    }
    EXPECT_EQ(account.Known(), "");
    EXPECT_FALSE(on_disk(account.row().email_address));
    EXPECT_EQ(AuditOf(*store_).size(), audited + 1);
    if (erased.ok()) break;
  }
  EXPECT_GT(erased_and_failed, 0);
  EXPECT_EQ(broken_, 0);
}

// After that nobody knows what is on the disk.
TEST_F(SqliteFault, AnErrorOfTheDiskAtCommitIsTheEnd) {
  struct Case {
    const char* what;
    FailingVfs::Kind kind;
    int code;
    FailingVfs::Span span;
  };
  const Case cases[] = {
      {"sync, once", FailingVfs::Kind::kSync, SQLITE_IOERR_FSYNC, FailingVfs::Span::kOnce},
      {"sync, for ever", FailingVfs::Kind::kSync, SQLITE_IOERR_FSYNC, FailingVfs::Span::kForever},
      {"write, once", FailingVfs::Kind::kWrite, SQLITE_IOERR_WRITE, FailingVfs::Span::kOnce},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.what);
    broken_ = 0;
    TestImport import(*store_, clock_, organization);
    import.Claim();
    vfs_.Fail(test.kind, 1, test.code, test.span);
    EXPECT_THAT(import.Commit(Batch(import, 1, 10)).status(),
                HasReason(ErrorReason::kStoreUnavailable));
    vfs_.Mend();

    // It works again, as far as one can see, and is not trusted.
    EXPECT_THAT(import.Commit(Batch(import, 1, 10)).status(),
                HasReason(ErrorReason::kStoreUnavailable));
    EXPECT_THAT(store_->ClaimImport(import.MakeClaim()).status(),
                HasReason(ErrorReason::kStoreUnavailable));
    EXPECT_THAT(store_->GetImport(import.key()).status(),
                HasReason(ErrorReason::kStoreUnavailable));
    EXPECT_THAT(store_->CheckReady(), HasReason(ErrorReason::kStoreUnavailable));
    EXPECT_EQ(broken_, 1);

    Open();
    import.set_store(*store_);
    import.Claim();
    const auto answer = import.Commit(Batch(import, 1, 10));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->answers.size(), 10u);
  }
}

TEST_F(SqliteFault, SomebodyElsesLockIsWaitedForInVainAndBreaksNothing) {
  TestImport import(*store_, clock_, organization);
  import.Claim();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_THAT(import.Commit(Batch(import, 1, 10)).status(),
              HasReason(ErrorReason::kStoreUnavailable));
  sqlite3_close(other);
  EXPECT_TRUE(import.Commit(Batch(import, 1, 10)).ok());
  EXPECT_EQ(broken_, 0);
}

}  // namespace
}  // namespace provisioning
