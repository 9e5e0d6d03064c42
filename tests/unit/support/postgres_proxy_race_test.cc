// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_proxy.h"
#include "tests/support/postgres_server.h"
#include "tests/support/random_seed.h"
#include "tests/unit/support/postgres_client.h"

namespace provisioning {
namespace {

using Fault = PostgresProxy::Fault;

// Rows by what became of their COMMIT.
struct Ledger {
  std::mutex mutex;
  std::set<std::string> committed;
  std::set<std::string> unknown;
  int refused = 0;
};

std::string InsertAndCommit(PostgresClient& client, const std::string& row) {
  for (const std::string& sql : {std::string("BEGIN"), "INSERT INTO t VALUES (" + row + ")"}) {
    if (const std::string answer = client.Run(sql); answer != "ok") return answer;
  }
  return client.Run("COMMIT");
}

void InsertRows(const std::string& url, int first, int count, Ledger& ledger) {
  auto client = std::make_unique<PostgresClient>(url);
  for (int n = first; n < first + count; ++n) {
    const std::string row = std::to_string(n);
    const std::string answer = InsertAndCommit(*client, row);
    const std::lock_guard lock(ledger.mutex);
    if (answer == "ok") ledger.committed.insert(row);
    if (answer == "lost") ledger.unknown.insert(row);
    if (answer == "40001") ++ledger.refused;
    if (!client->connected()) client = std::make_unique<PostgresClient>(url);
  }
}

TEST(PostgresProxyRaceTest, UnderRandomCutsWhatWasAnsweredIsTrue) {
  const char* const given = std::getenv("COUNT");
  const int rows_of_each = given == nullptr ? 60 : std::atoi(given);
  PostgresServer server;
  const std::string database = server.NewDatabase();
  server.Execute(database, "CREATE TABLE t (n integer)");
  PostgresProxy proxy(server.address(), RandomSeed());
  for (const Fault cut :
       {Fault::kCutBeforeForwarding, Fault::kCutAfterForwarding, Fault::kCutWithoutWaiting}) {
    proxy.CutAt(cut, "COMMIT", {.times = FaultTimes::always, .probability = 0.1});
  }
  proxy.AnswerWithError("40001", "COMMIT", {.times = FaultTimes::always, .probability = 0.1});

  Ledger ledger;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(
        [&, i] { InsertRows(proxy.UrlThrough(database), i * rows_of_each, rows_of_each, ledger); });
  }
  for (std::thread& thread : threads) thread.join();
  // A session that was cut without waiting may still commit.
  EXPECT_TRUE(PollUntil([&] { return server.ClientBackends().empty(); }));

  const std::vector<std::string> rows = server.Read(database, "SELECT n FROM t");
  const std::set<std::string> there(rows.begin(), rows.end());
  EXPECT_EQ(there.size(), rows.size());
  EXPECT_THAT(there, testing::IsSupersetOf(ledger.committed));
  std::set<std::string> possible = ledger.committed;
  possible.insert(ledger.unknown.begin(), ledger.unknown.end());
  EXPECT_THAT(possible, testing::IsSupersetOf(there));
  // The unknown ones are of both kinds.
  EXPECT_GT(there.size(), ledger.committed.size());
  EXPECT_GT(possible.size(), there.size());
  EXPECT_EQ(proxy.counts().cuts, ledger.unknown.size());
  EXPECT_EQ(proxy.counts().errors, ledger.refused);
  EXPECT_GT(ledger.refused, 0);
}

}  // namespace
}  // namespace provisioning
