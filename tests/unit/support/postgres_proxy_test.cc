// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_proxy.h"

#include <poll.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_server.h"
#include "tests/unit/support/postgres_client.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Fault = PostgresProxy::Fault;

// True: in the extended form of the protocol.
class PostgresProxyTest : public testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  PostgresProxyTest() : database_(server_->NewDatabase()), proxy_(server_->address()) {
    server_->Execute(database_, "CREATE TABLE t (n integer)");
  }

  std::string url() const { return proxy_.UrlThrough(database_); }
  std::vector<std::string> rows() { return server_->Read(database_, "SELECT n FROM t ORDER BY n"); }
  // What COMMIT is answered, behind an INSERT of one row.
  static std::string Insert(PostgresClient& client, int n) {
    EXPECT_EQ(client.Run("BEGIN"), "ok");
    EXPECT_EQ(client.Run(absl::StrCat("INSERT INTO t VALUES (", n, ")")), "ok");
    return client.Run("COMMIT");
  }

  static std::unique_ptr<PostgresServer> server_;
  const std::string database_;
  PostgresProxy proxy_;
};

std::unique_ptr<PostgresServer> PostgresProxyTest::server_;

TEST_P(PostgresProxyTest, WithoutAPlanEverythingPasses) {
  PostgresClient client(url(), GetParam());
  ASSERT_TRUE(client.connected()) << PQerrorMessage(client.get());
  EXPECT_EQ(Insert(client, 1), "ok");
  EXPECT_EQ(client.Run("SELECT * FROM nothing"), "42P01");
  EXPECT_EQ(client.Run("SELECT length(repeat('x', 3000000))"), "3000000");
  EXPECT_EQ(client.Run("SELECT repeat('x', 3000000)"), std::string(3'000'000, 'x'));
  EXPECT_EQ(client.Run(absl::StrCat("SELECT length('", std::string(3'000'000, 'x'), "')")),
            "3000000");
  EXPECT_THAT(rows(), ElementsAre("1"));
  EXPECT_EQ(proxy_.counts().statements, 7);
  EXPECT_EQ(proxy_.counts().cuts, 0);
  EXPECT_EQ(proxy_.counts().errors, 0);
}

TEST_P(PostgresProxyTest, CutBeforeForwardingItIsNotCommitted) {
  PostgresClient client(url(), GetParam());
  proxy_.CutAt(Fault::kCutBeforeForwarding, "COMMIT");
  EXPECT_EQ(Insert(client, 1), "lost");
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(proxy_.counts().cuts, 1);
  EXPECT_TRUE(PollUntil([&] { return server_->ClientBackends().empty(); }));
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_P(PostgresProxyTest, CutAfterForwardingItIsCommitted) {
  PostgresClient client(url(), GetParam());
  proxy_.CutAt(Fault::kCutAfterForwarding, "COMMIT");
  EXPECT_EQ(Insert(client, 1), "lost");
  EXPECT_FALSE(client.connected());
  EXPECT_THAT(rows(), ElementsAre("1"));
  EXPECT_EQ(proxy_.counts().cuts, 1);
}

TEST_P(PostgresProxyTest, CutAfterForwardingWaitsForTheServer) {
  PostgresClient client(url(), GetParam());
  PostgresClient locker(database_);
  EXPECT_EQ(locker.Run("BEGIN"), "ok");
  EXPECT_EQ(locker.Run("LOCK TABLE t"), "ok");
  proxy_.CutAt(Fault::kCutAfterForwarding, "INSERT");
  std::thread inserter([&] { EXPECT_EQ(client.Run("INSERT INTO t VALUES (1)"), "lost"); });
  EXPECT_TRUE(PollUntil([&] {
    return server_->ReadCell(database_, "SELECT count(*) FROM pg_locks WHERE NOT granted") == "1";
  }));
  EXPECT_EQ(proxy_.counts().cuts, 0);
  EXPECT_EQ(locker.Run("COMMIT"), "ok");
  inserter.join();
  EXPECT_EQ(proxy_.counts().cuts, 1);
  EXPECT_THAT(rows(), ElementsAre("1"));
}

TEST_P(PostgresProxyTest, CutWithoutWaitingItIsCommittedAtSomeTime) {
  PostgresClient client(url(), GetParam());
  PostgresClient locker(database_);
  EXPECT_EQ(client.Run("BEGIN"), "ok");
  EXPECT_EQ(locker.Run("BEGIN"), "ok");
  EXPECT_EQ(locker.Run("LOCK TABLE t"), "ok");
  proxy_.CutAt(Fault::kCutWithoutWaiting, "INSERT");
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (1)"), "lost");
  // The answer was not waited for: there can be none yet.
  EXPECT_EQ(proxy_.counts().cuts, 1);
  EXPECT_EQ(locker.Run("COMMIT"), "ok");

  PostgresClient next(url(), GetParam());
  proxy_.CutAt(Fault::kCutWithoutWaiting, "COMMIT");
  EXPECT_EQ(Insert(next, 2), "lost");
  EXPECT_TRUE(PollUntil([&] { return rows() == std::vector<std::string>{"2"}; }));
  EXPECT_TRUE(PollUntil([&] { return server_->ClientBackends().size() == 1; }));
}

TEST_P(PostgresProxyTest, TheNthIsCut) {
  PostgresClient client(url(), GetParam());
  proxy_.CutAt(Fault::kCutBeforeForwarding, "COMMIT", {.skip = 2});
  EXPECT_EQ(Insert(client, 1), "ok");
  EXPECT_EQ(Insert(client, 2), "ok");
  EXPECT_EQ(Insert(client, 3), "lost");
  PostgresClient next(url(), GetParam());
  EXPECT_EQ(Insert(next, 4), "ok");
  EXPECT_THAT(rows(), ElementsAre("1", "2", "4"));
}

TEST_P(PostgresProxyTest, AnErrorInATransactionEndsItAtTheRollback) {
  PostgresClient client(url(), GetParam());
  proxy_.AnswerWithError("40P01", "INSERT", {.skip = 1});
  EXPECT_EQ(client.Run("BEGIN"), "ok");
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (1)"), "ok");
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (2)"), "40P01");
  EXPECT_EQ(client.transaction(), PQTRANS_INERROR);
  EXPECT_EQ(client.Run("SELECT 1"), "25P02");
  EXPECT_EQ(client.Run("ROLLBACK"), "ok");
  EXPECT_EQ(client.transaction(), PQTRANS_IDLE);
  EXPECT_EQ(Insert(client, 3), "ok");
  EXPECT_THAT(rows(), ElementsAre("3"));
  EXPECT_EQ(proxy_.counts().errors, 1);
}

TEST_P(PostgresProxyTest, AnErrorOutsideOfATransactionLeavesNone) {
  PostgresClient client(url(), GetParam());
  proxy_.AnswerWithError("53300", "INSERT", {.times = 2});
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (1)"), "53300");
  EXPECT_EQ(client.transaction(), PQTRANS_IDLE);
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (2)"), "53300");
  EXPECT_EQ(client.Run("INSERT INTO t VALUES (3)"), "ok");
  EXPECT_THAT(rows(), ElementsAre("3"));
}

TEST_P(PostgresProxyTest, AnErrorAtCommitRollsBack) {
  PostgresClient client(url(), GetParam());
  proxy_.AnswerWithError("40001", "COMMIT");
  EXPECT_EQ(Insert(client, 1), "40001");
  EXPECT_EQ(client.transaction(), PQTRANS_IDLE);
  EXPECT_EQ(client.Run("ROLLBACK"), "ok");
  EXPECT_EQ(Insert(client, 2), "ok");
  EXPECT_THAT(rows(), ElementsAre("2"));
}

TEST_P(PostgresProxyTest, EveryStateOfTheScenariosCanBeInjected) {
  PostgresClient client(url(), GetParam());
  for (const std::string state : {"40001", "40P01", "40003", "55P03", "57P01", "53300", "57014"}) {
    proxy_.AnswerWithError(state, "SELECT");
    EXPECT_EQ(client.Run("SELECT 1"), state);
  }
  EXPECT_EQ(client.Run("SELECT 1"), "1");
  EXPECT_EQ(proxy_.counts().errors, 7);
}

TEST_P(PostgresProxyTest, FaultsAreForgotten) {
  PostgresClient client(url(), GetParam());
  proxy_.AnswerWithError("40001", "COMMIT", {.times = FaultTimes::always});
  EXPECT_EQ(Insert(client, 1), "40001");
  EXPECT_EQ(Insert(client, 2), "40001");
  proxy_.ForgetFaults();
  EXPECT_EQ(Insert(client, 3), "ok");
}

TEST_P(PostgresProxyTest, HeldNothingPassesUntilReleased) {
  PostgresClient client(url(), GetParam());
  proxy_.Hold(true);
  ASSERT_EQ(PQsendQueryParams(client.get(), "INSERT INTO t VALUES (1)", 0, nullptr, nullptr,
                              nullptr, nullptr, 0),
            1);
  pollfd answer{PQsocket(client.get()), POLLIN, 0};
  EXPECT_EQ(poll(&answer, 1, 100), 0);
  EXPECT_THAT(rows(), IsEmpty());
  proxy_.Hold(false);
  EXPECT_EQ(PostgresClient::AnswerOf(PQgetResult(client.get())), "ok");
  EXPECT_THAT(rows(), ElementsAre("1"));
}

TEST_P(PostgresProxyTest, ConnectionsAreCut) {
  PostgresClient client(url(), GetParam());
  EXPECT_EQ(client.Run("SELECT 1"), "1");
  proxy_.CutConnections();
  EXPECT_EQ(client.Run("SELECT 1"), "lost");
  EXPECT_EQ(PostgresClient(url(), GetParam()).Run("SELECT 1"), "1");
}

INSTANTIATE_TEST_SUITE_P(Protocol, PostgresProxyTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Extended" : "Simple"; });

// What only the extended form has.
class PostgresProxyRequestTest : public PostgresProxyTest {};

TEST_P(PostgresProxyRequestTest, ARequestIsCutAsAWhole) {
  const std::vector<std::string> statements = {"BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"};
  proxy_.CutAt(Fault::kCutBeforeForwarding, "COMMIT");
  EXPECT_THAT(PostgresClient(url()).RunTogether(statements), testing::Each("lost"));
  EXPECT_THAT(rows(), IsEmpty());
  proxy_.CutAt(Fault::kCutAfterForwarding, "INSERT");
  EXPECT_THAT(PostgresClient(url()).RunTogether(statements), testing::Each("lost"));
  EXPECT_THAT(rows(), ElementsAre("1"));
  EXPECT_EQ(proxy_.counts().cuts, 2);
  EXPECT_THAT(PostgresClient(url()).RunTogether(statements), ElementsAre("ok", "ok", "ok"));
}

TEST_P(PostgresProxyRequestTest, AnErrorSkipsTheRestOfTheRequest) {
  PostgresClient client(url());
  proxy_.AnswerWithError("40001", "INSERT");
  EXPECT_THAT(client.RunTogether({"BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"}),
              ElementsAre("ok", "40001", "skipped"));
  EXPECT_EQ(client.transaction(), PQTRANS_INERROR);
  EXPECT_EQ(client.Run("ROLLBACK"), "ok");
  proxy_.AnswerWithError("40003", "COMMIT");
  EXPECT_THAT(client.RunTogether({"BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"}),
              ElementsAre("ok", "ok", "40003"));
  EXPECT_EQ(client.transaction(), PQTRANS_IDLE);
  // Without BEGIN a request is a transaction.
  proxy_.AnswerWithError("40P01", "SELECT");
  EXPECT_THAT(client.RunTogether({"INSERT INTO t VALUES (1)", "SELECT 1"}),
              ElementsAre("ok", "40P01"));
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_THAT(client.RunTogether({"BEGIN", "INSERT INTO t VALUES (2)", "COMMIT"}),
              ElementsAre("ok", "ok", "ok"));
  EXPECT_THAT(rows(), ElementsAre("2"));
}

TEST_P(PostgresProxyRequestTest, SeveralRequestsOnTheWayAreAnsweredInOrder) {
  PostgresClient client(url());
  proxy_.AnswerWithError("40001", "COMMIT", {.times = FaultTimes::always});
  ASSERT_EQ(PQenterPipelineMode(client.get()), 1);
  const auto send = [&](const char* sql) {
    PQsendQueryParams(client.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    PQpipelineSync(client.get());
  };
  for (int i = 0; i < 50; ++i) {
    send("BEGIN");
    send("COMMIT");
    send("SELECT 7");
  }
  std::string answers;
  for (int syncs = 0; syncs < 150 && client.connected();) {
    PGresult* const result = PQgetResult(client.get());
    if (result == nullptr) continue;
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
      ++syncs;
      PQclear(result);
      continue;
    }
    answers += PostgresClient::AnswerOf(result) + " ";
  }
  std::string expected;
  for (int i = 0; i < 50; ++i) expected += "ok 40001 7 ";
  EXPECT_EQ(answers, expected);
}

TEST_P(PostgresProxyRequestTest, EachUseOfAPreparedStatementCounts) {
  PostgresClient client(url());
  proxy_.AnswerWithError("40001", "INSERT", {.skip = 1});
  EXPECT_EQ(PostgresClient::AnswerOf(
                PQprepare(client.get(), "s", "INSERT INTO t VALUES ($1)", 1, nullptr)),
            "ok");
  const auto run = [&](const char* n) {
    return PostgresClient::AnswerOf(PQexecPrepared(client.get(), "s", 1, &n, nullptr, nullptr, 0));
  };
  EXPECT_EQ(run("1"), "ok");
  EXPECT_EQ(run("2"), "40001");
  EXPECT_EQ(run("3"), "ok");
  EXPECT_THAT(rows(), ElementsAre("1", "3"));
  EXPECT_EQ(proxy_.counts().statements, 3);
}

TEST_P(PostgresProxyRequestTest, AFlushIsAnsweredBeforeTheSync) {
  PostgresClient client(url());
  proxy_.AnswerWithError("40001", "INSERT");
  ASSERT_EQ(PQenterPipelineMode(client.get()), 1);
  const auto send_and_flush = [&](const char* sql) {
    PQsendQueryParams(client.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
    PQsendFlushRequest(client.get());
    std::string answer = PostgresClient::AnswerOf(PQgetResult(client.get()));
    EXPECT_EQ(PQgetResult(client.get()), nullptr);
    return answer;
  };
  EXPECT_EQ(send_and_flush("SELECT 5"), "5");
  EXPECT_EQ(send_and_flush("INSERT INTO t VALUES (1)"), "40001");
  PQpipelineSync(client.get());
  PGresult* const synced = PQgetResult(client.get());
  EXPECT_EQ(PQresultStatus(synced), PGRES_PIPELINE_SYNC);
  PQclear(synced);
  EXPECT_EQ(PQexitPipelineMode(client.get()), 1);
  EXPECT_EQ(client.Run("SELECT 6"), "6");
}

TEST_P(PostgresProxyRequestTest, CopyAndCancelPass) {
  PostgresClient client(url());
  PQclear(PQexec(client.get(), "COPY t FROM STDIN"));
  EXPECT_EQ(PQputCopyData(client.get(), "1\n2\n", 4), 1);
  EXPECT_EQ(PQputCopyEnd(client.get(), nullptr), 1);
  EXPECT_EQ(PostgresClient::AnswerOf(PQgetResult(client.get())), "ok");
  EXPECT_EQ(PQgetResult(client.get()), nullptr);
  EXPECT_THAT(rows(), ElementsAre("1", "2"));

  ASSERT_EQ(PQsendQuery(client.get(), "SELECT pg_sleep(600)"), 1);
  EXPECT_TRUE(PollUntil([&] {
    return server_->ReadCell(database_,
                             "SELECT count(*) FROM pg_stat_activity WHERE state='active' AND "
                             "query='SELECT pg_sleep(600)'") == "1";
  }));
  PGcancel* const cancel = PQgetCancel(client.get());
  char error[256];
  EXPECT_EQ(PQcancel(cancel, error, sizeof(error)), 1) << error;
  PQfreeCancel(cancel);
  EXPECT_EQ(PostgresClient::AnswerOf(PQgetResult(client.get())), "57014");
}

TEST_P(PostgresProxyRequestTest, NewConnectionsGoToTheNewTarget) {
  PostgresServer other;
  PostgresClient before(proxy_.UrlThrough(server_->Url()));
  proxy_.SetTarget(other.address());
  PostgresClient after(proxy_.UrlThrough(server_->Url()));
  const std::string port = "SHOW port";
  EXPECT_EQ(before.Run(port), server_->ReadCell("postgres", port));
  EXPECT_EQ(after.Run(port), other.ReadCell("postgres", port));
  other.Stop();
  EXPECT_FALSE(PostgresClient(proxy_.UrlThrough(server_->Url())).connected());
  other.Start();
  EXPECT_TRUE(PostgresClient(proxy_.UrlThrough(server_->Url())).connected());
}

TEST_P(PostgresProxyRequestTest, TheServersFarewellIsPassedOn) {
  PostgresClient client(url());
  EXPECT_EQ(client.Run("SELECT 1"), "1");
  server_->TerminateBackends();
  // PQexecParams answers with the last that it learns, which is the end.
  EXPECT_EQ(client.Run("SELECT 1"), "lost");
  EXPECT_THAT(PQerrorMessage(client.get()),
              testing::HasSubstr("terminating connection due to administrator command"));
}

INSTANTIATE_TEST_SUITE_P(Protocol, PostgresProxyRequestTest, testing::Values(true),
                         [](const auto&) { return "Extended"; });

}  // namespace
}  // namespace provisioning
