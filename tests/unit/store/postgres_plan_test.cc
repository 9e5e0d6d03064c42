// SPDX-License-Identifier: Apache-2.0
// What the database reads for a row depends neither on how many clients the
// organization has, nor on how many rows of the import came before.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_session.h"

namespace provisioning {
namespace {

constexpr int people = 2'000;
constexpr int batch_rows = 100;
// A row's own keys, in each statement that names them, and what older versions of it
// left in the indexes. Whoever reads all that is there reads some 500.
constexpr std::int64_t reads_per_row_max = 60;

class PostgresPlanTest : public testing::TestWithParam<ExistingAccount> {
 protected:
  void ImportAll(ExistingAccount existing, const std::string& last_name) {
    TestImport import(*store_, clock_, Organization("practice"), With(existing));
    import.Claim();
    for (int begin = 1; begin <= people; begin += batch_rows) {
      std::vector<TestRow> rows;
      for (int i = begin; i < begin + batch_rows; ++i) {
        rows.push_back({.number = i,
                        .email_address = absl::StrCat("c", i, "@x.example"),
                        .last_name = last_name});
      }
      (void)import.Settle(rows);
    }
  }
  std::int64_t Count(const std::string& sql) {
    std::int64_t count = -1;
    EXPECT_TRUE(absl::SimpleAtoi(PostgresSession(url_).ReadCell(sql), &count));
    return count;
  }
  // Its sessions say what they read when they end.
  void CloseStore() {
    store_.reset();
    EXPECT_TRUE(PollUntil([this] {
      return Count(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND "
                 "application_name='provisiond'") == 0;
    }));
  }

  PostgresServer server_;
  const std::string url_ = NewMigratedDatabase(server_);
  std::unique_ptr<PostgresIdentityStore> store_ = OpenPostgres({.url = url_});
  FakeClock clock_;
};

TEST_P(PostgresPlanTest, ReadsWhatItNames) {
  ImportAll(ExistingAccount::kReport, "Lee");
  ImportAll(GetParam(), "Moe");
  CloseStore();
  const std::int64_t rows = 2 * people;
  EXPECT_GE(Count("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes"), people);
  EXPECT_LE(Count("SELECT sum(idx_tup_read) FROM pg_stat_user_indexes"), reads_per_row_max * rows);
  EXPECT_EQ(
      Count("SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname <> 'store_info'"), 0);
}

INSTANTIATE_TEST_SUITE_P(All, PostgresPlanTest,
                         testing::Values(ExistingAccount::kReport, ExistingAccount::kUpdateProfile,
                                         ExistingAccount::kReissuePending));

}  // namespace
}  // namespace provisioning
