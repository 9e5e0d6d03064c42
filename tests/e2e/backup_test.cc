// SPDX-License-Identifier: Apache-2.0
// Copies that are made beside a running server, in the middle of an import, and
// served by another one: the clients are the same, and the import goes on.
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/postgres_import.h"
#include "tests/support/postgres_program.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int rows = 60'000;

// An import of which a part was answered when the copy was made, and more since.
template <typename Import>
class Restored : public Import {
 protected:
  Restored() : Import(rows) { this->WriteRows(); }

  // `copy` makes the copy, `restore` puts it in the store's place.
  template <typename Copy, typename Restore>
  void ExpectSameClients(Copy copy, Restore restore) {
    this->StartServer();
    const auto client = this->StartImport();
    ASSERT_TRUE(this->WaitForLines(*client, 1'000)) << client->log();
    copy();
    const std::int64_t lines = this->CountLines();
    ASSERT_TRUE(this->WaitForLines(*client, lines + 1)) << client->log();
    ASSERT_FALSE(this->ReadRecord().complete) << "the import was over: take more ROWS";
    this->server_->Kill();
    restore();
    const auto record = this->ReadRecord();
    EXPECT_GE(record.settled_through_row, 1'000);
    EXPECT_FALSE(record.complete);
    const Credentials kept = this->ReadStoredCredentials();
    EXPECT_EQ(std::ssize(kept), record.settled_through_row);
    this->StartServer();
    EXPECT_EQ(this->Wait(*client), 0) << client->log();
    this->ExpectWhole();
    std::printf("%d rows, %d in the copy\n", this->rows_,
                static_cast<int>(record.settled_through_row));
  }
  static int RunToEnd(const std::vector<std::string>& command, std::string* log = nullptr) {
    ServerProcess process(command);
    const int exit_code = process.Wait(absl::Minutes(2)).value_or(-1);
    if (log != nullptr) *log = process.log();
    EXPECT_EQ(exit_code, 0) << process.log();
    return exit_code;
  }
};

class BackupTest : public Restored<GeneratedImport> {};
class DumpTest : public Restored<PostgresImport> {};

TEST_F(BackupTest, ServesTheSameClientsAndTheImportGoesOn) {
  const std::string copy = folder_.File("copy.db");
  ExpectSameClients(
      [&] {
        RunToEnd({provisiond_program(), "backup", "--store", store_address(), "--to", copy});
      },
      [&] {
        for (const char* part : {"", "-wal", "-shm", ".failures", ".lock"}) {
          std::filesystem::remove(database_path_ + part);
        }
        std::filesystem::rename(copy, database_path_);
      });
}

TEST_F(BackupTest, LeavesAloneWhatIsThere) {
  StartServer();
  const auto backup = [&](const std::string& store, const std::string& to) {
    ServerProcess process({provisiond_program(), "backup", "--store", store, "--to", to});
    EXPECT_EQ(process.Wait(absl::Minutes(1)), 1);
    return process.log();
  };
  const std::string other = folder_.File("other");
  WriteFile(other, "of somebody else");
  EXPECT_THAT(backup(store_address(), other), AllOf(HasSubstr(other), HasSubstr("a file already")));
  EXPECT_EQ(ReadFile(other), "of somebody else");
  EXPECT_THAT(backup("sqlite:" + other, folder_.File("new.db")), HasSubstr("not a database"));
  EXPECT_THAT(backup("sqlite:" + folder_.File("none.db"), folder_.File("new.db")),
              HasSubstr("none.db"));
  EXPECT_THAT(backup("postgresql://h/d", folder_.File("new.db")), HasSubstr("pg_dump"));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("new.db")));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("none.db")));
}

TEST_F(DumpTest, ServesTheSameClientsAndTheImportGoesOn) {
  const std::string dump = folder_.File("dump");
  ExpectSameClients(
      [&] {
        RunToEnd({PostgresProgram("pg_dump"), "--format=custom", "--file=" + dump, url_});
      },
      [&] {
        url_ = postgres_.NewDatabase();
        RunToEnd({PostgresProgram("pg_restore"), "--exit-on-error", "--dbname=" + url_, dump});
      });
}

}  // namespace
}  // namespace provisioning
