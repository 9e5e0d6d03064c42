// SPDX-License-Identifier: Apache-2.0
// The embedded store and its files: which it opens, which it leaves alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <future>
#include <iterator>

#include "service/model/error.h"
#include "service/store/failure_key.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/migrations.h"
#include "service/store/sqlite/sqlite_identity_store.h"
#include "service/store/sqlite/statement.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Execute(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
}

int ModeOf(const std::string& path) {
  struct stat file {};
  EXPECT_EQ(stat(path.c_str(), &file), 0) << path;
  return file.st_mode & 0777;
}

class SqliteFile : public testing::Test {
 protected:
  auto Open() {
    return SqliteIdentityStore::Open({.path = path_, .vfs_name = "", .on_broken = {}});
  }

  // Opening fails, says `why`, and leaves the file as it is.
  void ExpectLeftAlone(const std::string& why) {
    const std::string before = Contents(path_);
    const auto store = Open();
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(ReasonOf(store.status()), ErrorReason::kStoreUnavailable);
    EXPECT_THAT(std::string(store.status().message()), HasSubstr(why));
    EXPECT_EQ(Contents(path_), before);
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
};

TEST_F(SqliteFile, ANewDatabaseIsItsOwnersAlone) {
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)
                  ->ClaimImport(
                      {.key = {OrganizationId::Parse("o").value(), Uuid::NewV7(absl::UnixEpoch())},
                       .options = {},
                       .session_id = "",
                       .attempt = 0,
                       .answered_through_row = std::nullopt,
                       .now = absl::UnixEpoch()})
                  .ok());
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    EXPECT_EQ(ModeOf(path_ + suffix), 0600) << suffix;
  }
}

TEST_F(SqliteFile, ACopyWithWiderPermissionsIsClosedToOthers) {
  ASSERT_TRUE(Open().ok());
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ModeOf(path_), 0600);
}

TEST_F(SqliteFile, AnEmptyFileBecomesADatabase) {
  std::ofstream(path_).flush();
  EXPECT_TRUE(Open().ok());
  EXPECT_TRUE(Open().ok()) << "and stays one";
}

TEST_F(SqliteFile, WhatACrashLeftOfAHalfMadeDatabaseIsMadeAnew) {
  std::ofstream(path_ + ".new") << "half";
  std::ofstream(path_ + ".new-journal") << "half";
  EXPECT_TRUE(Open().ok());
}

TEST_F(SqliteFile, TheLogOfADatabaseThatHasGoneIsNotReadIntoANewOne) {
  for (const bool empty_file : {false, true}) {
    if (empty_file) std::ofstream(path_, std::ios::binary).flush();
    std::ofstream(path_ + "-wal", std::ios::binary) << "what a crashed server left";
    ExpectLeftAlone("-wal is still there");
    EXPECT_EQ(Contents(path_ + "-wal"), "what a crashed server left");
  }
}

TEST_F(SqliteFile, ASecondServerIsRefused) {
  const auto first = Open();
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Open();
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another server is running"));
  EXPECT_TRUE((*first)->CheckReady().ok());
}

TEST_F(SqliteFile, AServerThatHasGoneLeavesNoLock) {
  ASSERT_TRUE(Open().ok());
  EXPECT_TRUE(Open().ok());
}

TEST_F(SqliteFile, WhatIsNoDatabaseIsLeftAlone) {
  std::ofstream(path_) << "email_address;first_name\n";
  ExpectLeftAlone("not a database");
  std::ofstream(path_) << std::string(8192, 'x');
  ExpectLeftAlone("not a database");
}

TEST_F(SqliteFile, AnotherProgramsDatabaseIsLeftAlone) {
  Execute(path_, "CREATE TABLE client (id); INSERT INTO client VALUES (1)");
  ExpectLeftAlone("another program");
  Execute(path_, "PRAGMA journal_mode=WAL; PRAGMA application_id=12345");
  ExpectLeftAlone("another program");
}

TEST_F(SqliteFile, ANewerSchemaIsLeftAlone) {
  ASSERT_TRUE(Open().ok());
  Execute(path_, "PRAGMA user_version=" + std::to_string(SqliteMigrations().back().version + 1));
  ExpectLeftAlone("schema version");
}

TEST_F(SqliteFile, AFolderThatIsNotThereIsAnError) {
  const auto store = SqliteIdentityStore::Open(
      {.path = folder_.File("no/clients.db"), .vfs_name = "", .on_broken = {}});
  EXPECT_FALSE(store.ok());
}

TEST_F(SqliteFile, MigrationsAreNumberedFromOneWithoutGaps) {
  int expected = 1;
  for (const Migration& migration : SqliteMigrations()) EXPECT_EQ(migration.version, expected++);
}

TEST_F(SqliteFile, TheAuditCanOnlyBeAddedTo) {
  {
    const auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    (*store)->RecordLocked(OrganizationId::Parse("o").value(), Uuid::NewV7(absl::UnixEpoch()),
                           {"test"}, absl::UnixEpoch());
  }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  for (const char* sql : {"UPDATE audit SET caller='somebody else'", "DELETE FROM audit"}) {
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_CONSTRAINT) << sql;
    EXPECT_THAT(sqlite3_errmsg(db), HasSubstr("append-only"));
  }
  sqlite3_close(db);
  const auto store = Open();
  const auto page = (*store)->ListAudit(0, 10);
  ASSERT_EQ(page->records.size(), 1u);
  EXPECT_EQ(page->records[0].caller.name, "test");
}

std::string SecretOf(const std::string& path) {
  auto connection = Connection::Open(path + ".failures", Connection::Mode::kReadOnly, "");
  auto read = Statement::Prepare(*connection, "SELECT hex(bytes) FROM secret");
  Query query(*read);
  EXPECT_TRUE(query.Next().value());
  return std::string(query.Text(0));
}

TEST_F(SqliteFile, EachDatabaseHasASecretOfItsOwnForGood) {
  ASSERT_TRUE(Open().ok());
  const std::string secret = SecretOf(path_);
  EXPECT_EQ(secret.size(), 2u * failure_secret_size);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(SecretOf(path_), secret);
  SqliteOptions other;
  other.path = folder_.File("other.db");
  ASSERT_TRUE(SqliteIdentityStore::Open(other).ok());
  EXPECT_NE(SecretOf(other.path), secret);
}

// Of before there were secrets.
TEST_F(SqliteFile, AFileOfFailuresWithoutASecretIsTaken) {
  const auto organization = OrganizationId::Parse("o").value();
  const FailureKey key = FailureKeyOf(organization, Uuid::NewV7(absl::UnixEpoch()), "$one");
  EXPECT_EQ((*Open())->CountAttempt(key, {}, absl::UnixEpoch())->failures, 1);
  Execute(path_ + ".failures", "DROP TABLE secret");
  const auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ((*store)->CountAttempt(key, {}, absl::UnixEpoch())->failures, 2) << "counts are kept";
  const FailureKey unknown = UnknownFailureKey(organization, "nobody@x.example");
  EXPECT_EQ((*store)->CountAttempt(unknown, {}, absl::UnixEpoch())->failures, 1);
  EXPECT_EQ(SecretOf(path_).size(), 2u * failure_secret_size);
}

TEST_F(SqliteFile, ADamagedSecretIsNoSecret) {
  ASSERT_TRUE(Open().ok());
  Execute(path_ + ".failures", "UPDATE secret SET bytes=x'00'");
  EXPECT_THAT(std::string(Open().status().message()), HasSubstr("move it away"));
}

// Inside a transaction SQLite does not change it, and says nothing.
TEST_F(SqliteFile, APragmaThatDoesNotTakeIsAnError) {
  ASSERT_TRUE(Open().ok());
  auto connection = Connection::Open(path_, Connection::Mode::kReadWrite, "");
  ASSERT_TRUE(connection.ok()) << connection.status();
  ASSERT_TRUE(connection->SetPragma("synchronous", "0").ok());
  ASSERT_TRUE(connection->Execute("BEGIN").ok());
  EXPECT_FALSE(connection->SetPragma("synchronous", "2").ok());
  ASSERT_TRUE(connection->Execute("COMMIT").ok());
  EXPECT_TRUE(connection->SetPragma("synchronous", "2").ok());
}

}  // namespace
}  // namespace provisioning
