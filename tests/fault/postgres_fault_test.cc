// SPDX-License-Identifier: Apache-2.0
// What happens to a PostgreSQL while servers import on it: sessions ended, answers
// to COMMIT lost, errors, no connections, a server that stands still, a primary
// that dies. What the callers were told is held against what must be and against
// what is in the database. First the check has to catch a broken twin.
//
//   COUNT=n faults of each kind (default: a few), SEED=n (default: random, printed)

#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fault/ledger_run.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_proxy.h"
#include "tests/support/postgres_session.h"

namespace provisioning {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Fault = PostgresProxy::Fault;

std::map<std::string, std::string> Column(const std::string& url, const std::string& column) {
  std::map<std::string, std::string> values;
  const std::string sql =
      absl::StrCat("SELECT email_address, ", column, " FROM client WHERE state<>3");
  for (const std::string& line : PostgresSession(url).Read(sql)) {
    const std::pair<std::string, std::string> cells = absl::StrSplit(line, absl::MaxSplits('|', 1));
    values.insert(cells);
  }
  return values;
}

StoreAudit AuditPostgres(const std::string& url) {
  return {Column(url, "credential"), Column(url, "last_name")};
}

// It warms up meanwhile; and a sanitizer keeps back what is freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::int64_t growth_bytes_max = 512 << 20;
#else
constexpr std::int64_t growth_bytes_max = 64 << 20;
#endif

class PostgresFaultTest : public testing::Test {
 protected:
  LedgerRun NewRun(const std::string& url_through,
                   const std::vector<std::string>& command = {SERVER_PROGRAM, "serve"}) {
    return LedgerRun({.command = command,
                      .store = url_through,
                      .audit = [this] { return Audit(); },
                      .servers_live = true,
                      .seed = FaultSeed()});
  }
  StoreAudit Audit() {
    PostgresServer& server = audited_ != nullptr ? *audited_ : *primary_;
    const std::string database = url_.substr(url_.rfind('/') + 1);
    return AuditPostgres(server.Url(database));
  }
  void ExpectNoFindings(const LedgerRun& run) {
    std::printf("%s: %s\n", testing::UnitTest::GetInstance()->current_test_info()->name(),
                run.Report().c_str());
    EXPECT_THAT(run.findings(), IsEmpty());
    EXPECT_LE(run.growth_bytes(), growth_bytes_max);
  }
  // One of the sessions that there are, if there is one.
  void TerminateOne(LedgerRun& run) {
    const std::vector<pid_t> backends = primary_->ClientBackends();
    if (!backends.empty()) primary_->TerminateBackend(backends[run.Random() % backends.size()]);
  }

  std::unique_ptr<PostgresServer> primary_ =
      std::make_unique<PostgresServer>(PostgresServer::Options{.settings = {"max_connections=20"}});
  const std::string url_ = NewMigratedDatabase(*primary_);
  PostgresServer* audited_ = nullptr;  // Nothing: the primary.
};

// A store that takes what it does not know for done.
TEST_F(PostgresFaultTest, TheCheckCatchesAStoreThatGuesses) {
  LedgerRun run = NewRun(url_, {TWIN_PROGRAM, "guesses-commits"});
  run.Run(20, [&] { TerminateOne(run); });
  std::printf("%s\n", run.Report().c_str());
  for (const std::string& finding : run.findings()) std::printf("  %s\n", finding.c_str());
  EXPECT_THAT(run.findings(), Not(IsEmpty())) << "the check does not catch this fault";
}

TEST_F(PostgresFaultTest, SessionsAreTerminated) {
  LedgerRun run = NewRun(url_);
  run.Run(FaultCount(8), [&] { TerminateOne(run); });
  ExpectNoFindings(run);
}

class LostCommitTest : public PostgresFaultTest, public testing::WithParamInterface<Fault> {};

TEST_P(LostCommitTest, IsSettled) {
  PostgresProxy proxy(primary_->address(), FaultSeed());
  LedgerRun run = NewRun(proxy.UrlThrough(url_));
  const int cuts = FaultCount(6);
  run.Run(cuts, [&] {
    const std::int64_t before = proxy.counts().cuts;
    proxy.CutAt(GetParam(), "COMMIT", {.skip = static_cast<int>(run.Random() % 5), .times = 1});
    while (proxy.counts().cuts == before && !run.gives_up()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::printf("%lld answers lost\n", static_cast<long long>(proxy.counts().cuts));
  EXPECT_GE(proxy.counts().cuts, cuts);
  ExpectNoFindings(run);
}

std::string NameOf(const testing::TestParamInfo<Fault>& info) {
  switch (info.param) {
    case Fault::kCutBeforeForwarding:
      return "BeforeItIsForwarded";
    case Fault::kCutAfterForwarding:
      return "AfterItIsForwarded";
    default:
      return "WithoutWaiting";
  }
}

INSTANTIATE_TEST_SUITE_P(All, LostCommitTest,
                         testing::Values(Fault::kCutBeforeForwarding, Fault::kCutAfterForwarding,
                                         Fault::kCutWithoutWaiting),
                         NameOf);

TEST_F(PostgresFaultTest, AnyErrorAnywhere) {
  PostgresProxy proxy(primary_->address(), FaultSeed());
  LedgerRun run = NewRun(proxy.UrlThrough(url_));
  const std::vector<std::string> states = {"40001", "40P01", "40003", "55P03", "57P01", "53300"};
  const std::vector<std::string> words = {"BEGIN",         "FROM import",   "COPY client",
                                          "UPDATE client", "UPDATE import", "COMMIT"};
  std::size_t next = run.Random();
  run.Run(FaultCount(18), [&] {
    // Every state at every place, in turn.
    const std::string& state = states[next % states.size()];
    const std::string& word = words[next / states.size() % words.size()];
    ++next;
    const std::int64_t before = proxy.counts().errors;
    proxy.AnswerWithError(state, word, {.times = 1});
    while (proxy.counts().errors == before && !run.gives_up()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::printf("%lld errors\n", static_cast<long long>(proxy.counts().errors));
  ExpectNoFindings(run);
}

// Shorter and longer than what counts as lost, in turn.
TEST_F(PostgresFaultTest, ItStandsStill) {
  LedgerRun run = NewRun(url_);
  int round = 0;
  run.Run(FaultCount(2), [&] {
    const bool is_long = ++round % 2 == 0;
    primary_->Freeze();
    std::this_thread::sleep_for(
        std::chrono::milliseconds((is_long ? 12'000 : 500) + run.Random() % 2'500));
    primary_->Thaw();
  });
  ExpectNoFindings(run);
}

// All connections that a server has to give.
class AllConnections {
 public:
  explicit AllConnections(const std::string& url) : url_(url) {
    TakeWhatIsFree();
    PQsetNoticeProcessor(
        taken_.front(), [](void*, const char*) {}, nullptr);
    // What the others have, until they get none any more.
    for (int i = 0; i < 3; ++i) {
      PQclear(PQexec(taken_.front(),
                     "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                     "WHERE application_name='provisiond'"));
      TakeWhatIsFree();
    }
  }
  ~AllConnections() {
    for (PGconn* connection : taken_) PQfinish(connection);
  }
  AllConnections(const AllConnections&) = delete;
  AllConnections& operator=(const AllConnections&) = delete;

 private:
  void TakeWhatIsFree() {
    while (true) {
      PGconn* const connection = PQconnectdb(url_.c_str());
      if (PQstatus(connection) != CONNECTION_OK) return PQfinish(connection);
      taken_.push_back(connection);
    }
  }

  const std::string url_;
  std::vector<PGconn*> taken_;
};

TEST_F(PostgresFaultTest, NoConnectionIsLeft) {
  LedgerRun run = NewRun(url_);
  run.Run(FaultCount(2), [&] {
    const AllConnections all(url_);
    std::this_thread::sleep_for(std::chrono::milliseconds(run.Random() % 2'000));
  });
  ExpectNoFindings(run);
}

TEST_F(PostgresFaultTest, TheDatabaseIsKilledAndStartedAgain) {
  LedgerRun run = NewRun(url_);
  int round = 0;
  run.Run(FaultCount(2), [&] {
    // Also for longer than anybody waits for it.
    const bool is_long = ++round % 2 == 0;
    primary_->Kill();
    std::this_thread::sleep_for(
        std::chrono::milliseconds((is_long ? 11'000 : 0) + run.Random() % 1'000));
    primary_->Start();
  });
  ExpectNoFindings(run);
}

// With the drain's own time, and that of a process that goes under a sanitizer.
#if defined(__SANITIZE_ADDRESS__)
constexpr absl::Duration drain_max = absl::Seconds(25);
#else
constexpr absl::Duration drain_max = absl::Seconds(10);
#endif

// Two servers, of which one after the other is stopped and started again.
TEST_F(PostgresFaultTest, ServersAreRolled) {
  LedgerRun run({.command = {SERVER_PROGRAM, "serve"},
                 .store = url_,
                 .servers = 2,
                 .audit = [this] { return Audit(); },
                 .servers_live = true,
                 .seed = FaultSeed()});
  std::size_t next = 0;
  run.Run(FaultCount(4), [&] { run.RollServer(next++ % 2); });
  std::printf("slowest drain %s\n", absl::FormatDuration(run.slowest_drain()).c_str());
  std::printf("ServersAreRolled: %s\n", run.Report().c_str());
  EXPECT_THAT(run.findings(), IsEmpty());
  EXPECT_LE(run.slowest_drain(), drain_max);
}

// Two places that a URL names: what is there changes.
class FailoverTest : public PostgresFaultTest {
 protected:
  FailoverTest() : standby_(primary_->MakeStandby({.synchronous = true})) {}

  std::string UrlOfBoth() const {
    const std::string database = url_.substr(url_.rfind('/'));
    return absl::StrCat("postgresql://postgres@", first_.address(), ",", second_.address(),
                        database);
  }
  // The standby takes over, and gets a standby of its own.
  void FailOver() {
    primary_->Kill();
    standby_->Promote();
    primary_ = std::move(standby_);
    standby_ = primary_->MakeStandby({.synchronous = true});
    first_.SetTarget(primary_->address());
    second_.SetTarget(standby_->address());
    first_.CutConnections();
    second_.CutConnections();
  }

  std::unique_ptr<PostgresServer> standby_;
  PostgresProxy first_{primary_->address()};
  PostgresProxy second_{standby_->address()};
};

TEST_F(FailoverTest, ASynchronousStandbyHasEverythingThatWasAnswered) {
  LedgerRun run = NewRun(UrlOfBoth());
  run.Run(FaultCount(2), [&] { FailOver(); });
  ExpectNoFindings(run);
}

// The same without `synchronous_standby_names`: the check sees what is lost.
TEST_F(PostgresFaultTest, AnAsynchronousStandbyThatHearsNothingLosesRows) {
  const auto standby = primary_->MakeStandby({.synchronous = false});
  PostgresProxy place(primary_->address());
  LedgerRun run = NewRun(place.UrlThrough(url_));
  run.Run(1, [&] {
    standby->StopWalReceiver();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    primary_->Kill();
    standby->Promote();
    place.SetTarget(standby->address());
    place.CutConnections();
    audited_ = standby.get();
    std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  std::printf("%s\n", run.Report().c_str());
  for (const std::string& finding : run.findings()) std::printf("  %s\n", finding.c_str());
  EXPECT_THAT(run.findings(), Contains(HasSubstr("lost: ")));
}

// What a script does to the database of POSTGRES_URL; two servers on it.
TEST(ExternalFaultTest, OfAScript) {
  const char* const command = std::getenv("FAULT_COMMAND");
  if (command == nullptr) GTEST_SKIP() << "there is no FAULT_COMMAND";
  const std::string url = NewTestDatabase();
  LedgerRun run({.command = {SERVER_PROGRAM, "serve"},
                 .store = url,
                 .servers = 2,
                 .audit = [&url] { return AuditPostgres(url); },
                 .servers_live = true,
                 .seed = FaultSeed()});
  run.Run(FaultCount(3), [&] { EXPECT_EQ(std::system(command), 0); });
  std::printf("%s\n", run.Report().c_str());
  EXPECT_THAT(run.findings(), IsEmpty());
}

}  // namespace
}  // namespace provisioning
