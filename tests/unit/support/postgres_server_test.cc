// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_session.h"
#include "tests/support/process_family.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PostgresServerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<PostgresServer>(
        PostgresServer::Options{.settings = {"max_connections=40", "work_mem='5MB'"}});
  }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    url_ = server_->NewDatabase();
    server_->Execute(url_, "CREATE TABLE t (n integer)");
  }

  static std::unique_ptr<PostgresServer> server_;
  std::string url_;
};

std::unique_ptr<PostgresServer> PostgresServerTest::server_;

TEST_F(PostgresServerTest, RowsAreReadAsLines) {
  server_->Execute(url_, "INSERT INTO t VALUES (1), (2), (NULL)");
  EXPECT_THAT(server_->Read(url_, "SELECT n, n + 1 FROM t ORDER BY n"),
              ElementsAre("1|2", "2|3", "|"));
}

TEST_F(PostgresServerTest, AFailedStatementFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(server_->Execute(url_, "SELECT * FROM nothing"), "nothing");
}

TEST_F(PostgresServerTest, EachDatabaseIsNewAndOfUnicode) {
  const std::string other = server_->NewDatabase();
  EXPECT_NE(other, url_);
  EXPECT_THAT(server_->Read(other, "SELECT relname FROM pg_class WHERE relname='t'"), IsEmpty());
  EXPECT_EQ(server_->ReadCell(other, "SHOW server_encoding"), "UTF8");
}

TEST_F(PostgresServerTest, ItListensOnTheLoopbackAndIsDurable) {
  EXPECT_EQ(server_->ReadCell(url_, "SHOW listen_addresses"), "127.0.0.1");
  EXPECT_EQ("127.0.0.1:" + server_->ReadCell(url_, "SHOW port"), server_->address());
  EXPECT_EQ(server_->ReadCell(url_, "SHOW fsync"), "on");
  EXPECT_EQ(server_->ReadCell(url_, "SHOW synchronous_commit"), "on");
}

TEST_F(PostgresServerTest, ItTakesSettings) {
  EXPECT_EQ(server_->ReadCell(url_, "SHOW max_connections"), "40");
  EXPECT_EQ(server_->ReadCell(url_, "SHOW work_mem"), "5MB");
}

TEST_F(PostgresServerTest, ATerminatedBackendEndsItsSession) {
  PostgresSession first(url_);
  PostgresSession second(url_);
  // That of an ended session may need a moment to go.
  ASSERT_TRUE(PollUntil([&] { return server_->ClientBackends().size() == 2; }));
  server_->TerminateBackend(std::stoi(first.ReadCell("SELECT pg_backend_pid()")));
  EXPECT_EQ(first.Try("SELECT 1"), "57P01");
  EXPECT_EQ(second.Try("SELECT 1"), "");
  EXPECT_EQ(server_->TerminateBackends(), 1);
  EXPECT_EQ(second.Try("SELECT 1"), "57P01");
  EXPECT_THAT(server_->ClientBackends(), IsEmpty());
}

TEST_F(PostgresServerTest, ItIsStoppedAndStartedAtTheSameAddress) {
  server_->Execute(url_, "INSERT INTO t VALUES (1)");
  const std::string address = server_->address();
  server_->Stop();
  EXPECT_EQ(PQping(url_.c_str()), PQPING_NO_RESPONSE);
  server_->Start();
  EXPECT_EQ(server_->address(), address);
  EXPECT_THAT(server_->Read(url_, "SELECT n FROM t"), ElementsAre("1"));
}

std::string LogIn(const std::string& folder) {
  std::ifstream file(folder + "/log");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST_F(PostgresServerTest, ItTriesAgainWhileItsPortIsTaken) {
  const std::string data = server_->ReadCell(url_, "SHOW data_directory");
  const std::string folder = std::filesystem::path(data).parent_path();
  const int port = std::stoi(server_->ReadCell(url_, "SHOW port"));
  server_->Stop();
  const int taker = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int on = 1;
  setsockopt(taker, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  ASSERT_EQ(bind(taker, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(taker, 1), 0);
  std::thread starter([] { server_->Start(); });
  const bool refused =
      PollUntil([&] { return absl::StrContains(LogIn(folder), "Address already in use"); });
  close(taker);
  starter.join();
  EXPECT_TRUE(refused);
  EXPECT_EQ(server_->ReadCell(url_, "SELECT count(*) FROM t"), "0");
}

TEST_F(PostgresServerTest, KilledItLosesOnlyWhatWasNotCommitted) {
  PostgresSession session(url_);
  session.Execute("INSERT INTO t VALUES (1)");
  session.Execute("BEGIN");
  session.Execute("INSERT INTO t VALUES (2)");
  const std::vector<pid_t> family = ChildrenOf(server_->process_id());
  EXPECT_GT(family.size(), 3);
  server_->Kill();
  for (const pid_t id : family) EXPECT_TRUE(HasEnded(id));
  EXPECT_EQ(session.Try("COMMIT"), "08006");
  server_->Start();
  EXPECT_THAT(server_->Read(url_, "SELECT n FROM t"), ElementsAre("1"));
}

TEST_F(PostgresServerTest, FrozenItDoesNotAnswerAndThawedItGoesOn) {
  PGconn* const connection = PQconnectdb(url_.c_str());
  ASSERT_EQ(PQstatus(connection), CONNECTION_OK);
  server_->Freeze();
  for (const pid_t id : ChildrenOf(server_->process_id())) EXPECT_EQ(ProcessState(id), 'T');
  ASSERT_EQ(PQsendQuery(connection, "INSERT INTO t VALUES (1)"), 1);
  pollfd answer{PQsocket(connection), POLLIN, 0};
  EXPECT_EQ(poll(&answer, 1, 100), 0);
  server_->Thaw();
  PGresult* const result = PQgetResult(connection);
  EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK);
  PQclear(result);
  PQfinish(connection);
  EXPECT_THAT(server_->Read(url_, "SELECT n FROM t"), ElementsAre("1"));
}

TEST_F(PostgresServerTest, AFrozenOneCanBeKilledAndStopped) {
  server_->Freeze();
  server_->Kill();
  server_->Start();
  server_->Freeze();
  server_->Stop();
  server_->Start();
  EXPECT_EQ(server_->ReadCell(url_, "SELECT count(*) FROM t"), "0");
}

// A process with a server of its own, which tells of it and is killed.
void ExpectEndWithItsProcess(bool frozen) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    PostgresServer server;
    dprintf(ends[1], "%d %s\n", server.process_id(),
            server.ReadCell("postgres", "SHOW data_directory").c_str());
    if (frozen) server.Freeze();
    close(ends[1]);
    pause();
  }
  close(ends[1]);
  FILE* const told = fdopen(ends[0], "r");
  int postmaster = 0;
  char data[4096] = "";
  ASSERT_EQ(fscanf(told, "%d %4095s", &postmaster, data), 2);
  // Until it is closed.
  EXPECT_EQ(fscanf(told, "%*d"), EOF);
  fclose(told);
  const std::vector<pid_t> family = ChildrenOf(postmaster);
  EXPECT_GT(family.size(), 3);
  EXPECT_EQ(ProcessState(postmaster) == 'T', frozen);

  kill(child, SIGKILL);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(PollUntil([&] { return HasEnded(postmaster); }));
  for (const pid_t id : family) EXPECT_TRUE(PollUntil([&] { return HasEnded(id); })) << id;
  std::filesystem::remove_all(std::filesystem::path(data).parent_path());
}

TEST(PostgresServerEndTest, ItDiesWithAProcessThatIsKilled) { ExpectEndWithItsProcess(false); }

TEST(PostgresServerEndTest, FrozenItDiesWithAProcessThatIsKilled) { ExpectEndWithItsProcess(true); }

TEST(PostgresServerEndTest, ItsFolderGoesWithIt) {
  std::string folder;
  {
    PostgresServer server;
    folder = server.ReadCell("postgres", "SHOW data_directory");
    EXPECT_TRUE(std::filesystem::exists(folder));
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(folder).parent_path()));
}

}  // namespace
}  // namespace provisioning
