// SPDX-License-Identifier: Apache-2.0
// A disk that is full, and a disk that breaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>

#include "service/model/error.h"
#include "service/store/sqlite/sqlite_identity_store.h"
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
                                            .busy_timeout = absl::Milliseconds(1)});
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
