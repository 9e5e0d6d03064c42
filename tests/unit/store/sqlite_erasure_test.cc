// SPDX-License-Identifier: Apache-2.0
// What a reader beside the store can do to an erasure: a snapshot that it holds
// keeps the log from being emptied.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "service/model/error.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_account.h"
#include "tests/support/raw_database.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using std::chrono_literals::operator""ms;

class SqliteErasure : public testing::Test {
 protected:
  void Open(absl::Duration erasure_time_max) {
    SqliteOptions options;
    options.path = path_;
    options.busy_timeout = absl::Seconds(60);  // A writer that sat there would be seen.
    options.erasure_time_max = erasure_time_max;
    store_ = SqliteIdentityStore::Open(options).value();
  }
  // Holds a snapshot of now until it goes.
  std::unique_ptr<RawDatabase> NewReader() const {
    auto reader = std::make_unique<RawDatabase>(path_);
    reader->Change("BEGIN");
    reader->Read("SELECT count(*) FROM client");
    return reader;
  }
  bool OnDisk(const std::string& text) const {
    for (const char* suffix : {"", "-wal"}) {
      std::ifstream file(path_ + suffix, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }
  template <typename Condition>
  static bool WaitUntil(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
  const OrganizationId organization = Organization("practice");
  FakeClock clock_;
  std::unique_ptr<SqliteIdentityStore> store_;
};

TEST_F(SqliteErasure, WaitsForAReaderAndNobodyElseDoes) {
  Open(absl::Seconds(60));
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const std::string address = account.row().email_address;
  auto reader = NewReader();
  auto erased = std::async(std::launch::async, [&] { return account.Erase(); });
  ASSERT_TRUE(WaitUntil([&] { return !account.Record(); }));
  // Writing goes on: each of them is a commit of its own.
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) TestImport(*store_, clock_, organization).Claim();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_EQ(erased.wait_for(0ms), std::future_status::timeout);
  EXPECT_TRUE(OnDisk(address)) << "or there would be nothing to wait for";
  reader.reset();
  const auto answer = erased.get();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(*answer);
  EXPECT_FALSE(OnDisk(address));
}

TEST_F(SqliteErasure, ThatAReaderOutlastsFailsAndIsFinishedWithoutAnotherCall) {
  Open(absl::Milliseconds(200));
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const std::string address = account.row().email_address;
  auto reader = NewReader();
  for (int i = 0; i < 2; ++i) {
    const auto answer = account.Erase();
    EXPECT_THAT(answer.status(), HasReason(ErrorReason::kStoreUnavailable));
    EXPECT_THAT(std::string(answer.status().message()), HasSubstr("not yet overwritten"));
  }
  EXPECT_FALSE(account.Record()) << "it is erased";
  EXPECT_TRUE(store_->CheckReady().ok());
  EXPECT_TRUE(OnDisk(address));
  reader.reset();
  EXPECT_TRUE(WaitUntil([&] { return !OnDisk(address); }));
  EXPECT_TRUE(account.Erase().value());
}

TEST_F(SqliteErasure, IsAnsweredBeforeTheStoreGoes) {
  Open(absl::Milliseconds(200));
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  auto reader = NewReader();
  auto erased = std::async(std::launch::async, [&] { return account.Erase(); });
  ASSERT_TRUE(WaitUntil([&] { return !account.Record(); }));
  EXPECT_THAT(erased.get().status(), HasReason(ErrorReason::kStoreUnavailable));
  reader.reset();
  store_.reset();
  EXPECT_FALSE(OnDisk(account.row().email_address));
}

}  // namespace
}  // namespace provisioning
