// SPDX-License-Identifier: Apache-2.0
// Which databases are served, and how their schema comes to be.
#include <fstream>
#include <iterator>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/store/failure_key.h"
#include "service/store/postgres/postgres_identity_store.h"
#include "service/store/postgres/schema.h"
#include "tests/store_contract/test_account.h"
#include "tests/support/fake_clock.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_server.h"
#include "tests/support/postgres_session.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr absl::Duration connect_timeout = absl::Seconds(10);

class PostgresSchemaTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static SqlConnection Connect(const std::string& url) {
    auto connection = SqlConnection::Open(url, connect_timeout);
    EXPECT_TRUE(connection.ok()) << connection.status();
    return *std::move(connection);
  }
  static absl::Status Migrate(const std::string& url, std::span<const Migration> migrations) {
    SqlConnection connection = Connect(url);
    return MigratePostgres(connection, migrations);
  }
  static StoreInfo Info(const std::string& url) {
    SqlConnection connection = Connect(url);
    const auto info = ReadStoreInfo(connection);
    EXPECT_TRUE(info.ok()) << info.status();
    return *info;
  }
  // Why a server does not serve it; empty: it does.
  static std::string Refusal(const std::string& url) {
    const auto store = PostgresIdentityStore::Open({.url = url});
    return store.ok() ? "" : std::string(store.status().message());
  }
  // With settings of the database or the server, as its administrator makes them.
  static std::string RefusalWith(const std::string& setting) {
    const std::string url = NewMigratedDatabase(*server_);
    const std::string database = url.substr(url.rfind('/') + 1);
    server_->Execute("postgres", absl::StrCat("ALTER DATABASE ", database, " SET ", setting));
    return Refusal(url);
  }

  static std::unique_ptr<PostgresServer> server_;
};

std::unique_ptr<PostgresServer> PostgresSchemaTest::server_;

TEST_F(PostgresSchemaTest, AnEmptyDatabaseIsNotServedUntilItIsMigrated) {
  const std::string url = server_->NewDatabase();
  EXPECT_THAT(Refusal(url), AllOf(HasSubstr("no schema yet"), HasSubstr("provisiond migrate")));
  EXPECT_EQ(server_
                ->Read(url,
                       "SELECT relname FROM pg_class WHERE relname IN ('client', "
                       "'store_info')")
                .size(),
            0u)
      << "looking changed it";
  EXPECT_TRUE(Migrate(url, PostgresMigrations()).ok());
  EXPECT_EQ(Refusal(url), "");
}

TEST_F(PostgresSchemaTest, AnotherTimeChangesNothing) {
  const std::string url = NewMigratedDatabase(*server_);
  const StoreInfo before = Info(url);
  EXPECT_EQ(before.schema_version, PostgresMigrations().back().version);
  EXPECT_EQ(before.failure_secret.size(), 64u);
  EXPECT_TRUE(Migrate(url, PostgresMigrations()).ok());
  EXPECT_EQ(Info(url).failure_secret, before.failure_secret);
}

TEST_F(PostgresSchemaTest, ManyAtOnceMigrateOnce) {
  constexpr int programs = 6;
  const std::vector<Migration> migrations = {
      {1, "CREATE TABLE a (n integer); INSERT INTO a VALUES (1)"},
      {2, "INSERT INTO a VALUES (2); SELECT pg_sleep(0.05)"},
      {3, "INSERT INTO a VALUES (3)"}};
  for (int round = 0; round < 5; ++round) {
    const std::string url = server_->NewDatabase();
    std::latch all(programs);
    std::vector<std::thread> threads;
    for (int i = 0; i < programs; ++i) {
      threads.emplace_back([&] {
        SqlConnection connection = Connect(url);
        all.arrive_and_wait();
        const absl::Status status = MigratePostgres(connection, migrations);
        EXPECT_TRUE(status.ok()) << status;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(server_->Read(url, "SELECT n FROM a ORDER BY n"),
                testing::ElementsAre("1", "2", "3"));
    EXPECT_EQ(Info(url).schema_version, 3);
  }
}

TEST_F(PostgresSchemaTest, AMigrationThatFailsLeavesWhatWasThere) {
  const std::string url = server_->NewDatabase();
  const std::vector<Migration> migrations = {
      {1, "CREATE TABLE a (n integer)"},
      {2, "CREATE TABLE b (n integer); INSERT INTO nothing VALUES (1)"}};
  const absl::Status status = Migrate(url, migrations);
  EXPECT_THAT(std::string(status.message()), HasSubstr("nothing"));
  EXPECT_EQ(Info(url).schema_version, 1);
  EXPECT_EQ(server_->ReadCell(url, "SELECT count(*) FROM pg_class WHERE relname='b'"), "0");
}

// What a newer program has expanded still serves this one; what it has contracted
// does not.
TEST_F(PostgresSchemaTest, ANewerSchemaIsServedAsLongAsItSaysSo) {
  const std::string url = NewMigratedDatabase(*server_);
  const int known = PostgresMigrations().back().version;
  std::vector<Migration> newer(PostgresMigrations().begin(), PostgresMigrations().end());
  const std::string expand =
      absl::StrCat("-- usable-from: ", known, "\nALTER TABLE client ADD COLUMN more text");
  newer.push_back({known + 1, expand});
  ASSERT_TRUE(Migrate(url, newer).ok());
  EXPECT_EQ(Info(url).schema_version, known + 1);
  EXPECT_EQ(Refusal(url), "");
  const std::string contract =
      absl::StrCat("-- usable-from: ", known + 1, "\nALTER TABLE client DROP COLUMN gender");
  newer.push_back({known + 2, contract});
  ASSERT_TRUE(Migrate(url, newer).ok());
  EXPECT_THAT(Refusal(url), HasSubstr(absl::StrCat("schema version ", known + 2)));
  EXPECT_TRUE(Migrate(url, PostgresMigrations()).ok());
  EXPECT_EQ(Info(url).schema_version, known + 2) << "an older program took it back";
}

TEST_F(PostgresSchemaTest, WhatDoesNotKeepCommitsIsNotServed) {
  EXPECT_THAT(RefusalWith("synchronous_commit=off"), HasSubstr("synchronous_commit=off"));
  EXPECT_EQ(RefusalWith("synchronous_commit=local"), "");
  EXPECT_EQ(RefusalWith("synchronous_commit=remote_apply"), "");
  PostgresServer lazy({.settings = {"fsync=off"}});
  EXPECT_THAT(Refusal(lazy.Url()), HasSubstr("fsync=off"));
}

TEST_F(PostgresSchemaTest, AStandbyIsNotServed) {
  const std::string url = NewMigratedDatabase(*server_);
  const auto standby = server_->MakeStandby();
  const std::string database = url.substr(url.rfind('/') + 1);
  EXPECT_THAT(Refusal(standby->Url(database)), AllOf(HasSubstr("cannot connect")));
  standby->Promote();
  EXPECT_EQ(Refusal(standby->Url(database)), "");
}

TEST_F(PostgresSchemaTest, AnotherEncodingIsNotServed) {
  server_->Execute("postgres",
                   "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  EXPECT_THAT(Refusal(server_->Url("latin")), AllOf(HasSubstr("LATIN1"), HasSubstr("UTF8")));
}

TEST_F(PostgresSchemaTest, WhatCannotBeReachedIsNamedWithoutItsPassword) {
  const std::string refusal =
      Refusal("postgresql://somebody:very-secret@127.0.0.1:1/nowhere?connect_timeout=2");
  EXPECT_THAT(refusal, AllOf(HasSubstr("cannot connect"), HasSubstr("127.0.0.1"),
                             Not(HasSubstr("very-secret"))));
}

// The roles of service/README.md: a server's own cannot change the audit.
TEST_F(PostgresSchemaTest, TheServersRoleMayOnlyAddToTheAudit) {
  const std::string url = NewMigratedDatabase(*server_);
  server_->Execute(url, "CREATE ROLE provisiond LOGIN");
  std::ifstream file(SERVER_ROLE_SCRIPT);
  server_->Execute(url, std::string(std::istreambuf_iterator<char>(file), {}));
  const std::string own =
      absl::StrCat("postgresql://provisiond@", server_->address(), url.substr(url.rfind('/')));
  PostgresSession session(own);
  EXPECT_EQ(session.Try("DELETE FROM audit"), "42501");
  EXPECT_EQ(session.Try("UPDATE audit SET caller=''"), "42501");
  EXPECT_EQ(session.Try("DELETE FROM client"), "42501");
  EXPECT_EQ(session.Try("UPDATE store_info SET value=''"), "42501");

  // And that is enough for what a server does.
  FakeClock clock;
  std::vector<std::string> told;
  const auto store = OpenPostgres({.url = own, .tell = [&told](const absl::Status& status) {
                                     told.emplace_back(status.message());
                                   }});
  const OrganizationId organization = Organization("clinic-1");
  const TestAccount account(*store, clock, organization, Life::kPending);
  EXPECT_EQ(account.Reissue({})->verdict, ReissueVerdict::kReissued);
  EXPECT_TRUE(account.Activate(account.SignIn()->credential).value());
  EXPECT_TRUE(account.Erase().value());
  const FailureKey key = UnknownFailureKey(organization, "nobody@x.example");
  EXPECT_TRUE(store->CountAttempt(key, {}, clock.Now()).ok());
  EXPECT_TRUE(store->ForgetFailures(key).ok());
  const ImportKey import = account.import().key();
  EXPECT_TRUE(store->BeginRevert(import, {"test"}, clock.Now()).ok());
  EXPECT_TRUE(store->RevertClients(import, 0, 10, {"test"}, clock.Now()).ok());
  // For the audit's pages in their order it takes the owner.
  EXPECT_THAT(std::string(store->ListAudit(0, 10).status().message()), HasSubstr("refused"));
  EXPECT_THAT(told, testing::ElementsAre(HasSubstr("42501")));
  EXPECT_TRUE(OpenPostgres({.url = url})->ListAudit(0, 10).ok());
}

}  // namespace
}  // namespace provisioning
