// SPDX-License-Identifier: Apache-2.0
#include <libpq-fe.h>

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_server.h"
#include "tests/support/postgres_session.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string database = "postgres";
const std::string all_rows = "SELECT n FROM t ORDER BY n";

class PostgresStandbyTest : public testing::Test {
 protected:
  void SetUp() override { primary_.Execute(database, "CREATE TABLE t (n integer)"); }

  PostgresServer primary_;
};

TEST_F(PostgresStandbyTest, APromotedSynchronousStandbyHasEverything) {
  const auto standby = primary_.MakeStandby({.synchronous = true});
  PostgresSession session(primary_.Url());
  for (int n = 0; n < 200; ++n) {
    session.Execute("INSERT INTO t VALUES (" + std::to_string(n) + ")");
  }
  primary_.Kill();
  EXPECT_EQ(PostgresSession(standby->Url()).Try("INSERT INTO t VALUES (-1)"), "25006");
  standby->Promote();
  EXPECT_EQ(standby->ReadCell(database, "SELECT count(*) FROM t"), "200");
  standby->Execute(database, "INSERT INTO t VALUES (200)");
  EXPECT_EQ(standby->ReadCell(database, "SELECT count(*) FROM t"), "201");
}

TEST_F(PostgresStandbyTest, ACommitWaitsForASynchronousStandby) {
  const auto standby = primary_.MakeStandby({.synchronous = true});
  standby->StopWalReceiver();
  PGconn* const connection = PQconnectdb(primary_.Url().c_str());
  ASSERT_EQ(PQsendQuery(connection, "INSERT INTO t VALUES (1)"), 1);
  EXPECT_TRUE(PollUntil([&] {
    return primary_.ReadCell(
               database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event='SyncRep'") == "1";
  }));
  EXPECT_THAT(primary_.Read(database, all_rows), IsEmpty());
  standby->ResumeWalReceiver();
  PGresult* const result = PQgetResult(connection);
  EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK);
  PQclear(result);
  PQfinish(connection);
  EXPECT_THAT(primary_.Read(database, all_rows), ElementsAre("1"));
}

TEST_F(PostgresStandbyTest, AStandbyThatHeardNothingLacksTheLastCommits) {
  const auto standby = primary_.MakeStandby();
  primary_.Execute(database, "INSERT INTO t VALUES (1)");
  EXPECT_TRUE(PollUntil([&] { return standby->Read(database, all_rows).size() == 1; }));
  standby->StopWalReceiver();
  primary_.Execute(database, "INSERT INTO t VALUES (2)");
  primary_.Kill();
  standby->Promote();
  EXPECT_THAT(standby->Read(database, all_rows), ElementsAre("1"));
}

TEST_F(PostgresStandbyTest, AStandbyFollowsAgainAfterItsPrimaryWasStarted) {
  const auto standby = primary_.MakeStandby();
  primary_.Kill();
  primary_.Start();
  primary_.Execute(database, "INSERT INTO t VALUES (1)");
  EXPECT_TRUE(PollUntil([&] { return standby->Read(database, all_rows).size() == 1; }));
}

TEST_F(PostgresStandbyTest, APromotedStandbyCanHaveOneItself) {
  const auto standby = primary_.MakeStandby({.synchronous = true});
  primary_.Kill();
  standby->Promote();
  const auto next = standby->MakeStandby({.synchronous = true});
  standby->Execute(database, "INSERT INTO t VALUES (1)");
  standby->Kill();
  next->Promote();
  EXPECT_THAT(next->Read(database, all_rows), ElementsAre("1"));
}

}  // namespace
}  // namespace provisioning
