// SPDX-License-Identifier: Apache-2.0
// Kills the server with SIGKILL at random moments while callers import, starts it
// again, and holds what the callers were told against what must be and against
// what is in the store. First the check has to catch three broken twins.
//
//   COUNT=n kills (default 20), SEED=n (default: random, printed)

#include <cstdio>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fault/ledger_run.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

// A twin's run ends with the first finding; one that gets this far was missed.
constexpr int twin_kills_max = 100;

class KillTest : public testing::Test {
 protected:
  std::vector<std::string> FindingsOf(const std::vector<std::string>& command, int kills) {
    const std::string path = folder_.File("clients.db");
    LedgerRun run({.command = command,
                   .store = "sqlite:" + path,
                   .audit = [path] { return AuditSqlite(path); },
                   .seed = FaultSeed()});
    run.Run(kills, [&run] { run.KillServer(); });
    std::printf("%s: %s\n", command[1].c_str(), run.Report().c_str());
    for (const std::string& finding : run.findings()) std::printf("  %s\n", finding.c_str());
    return run.findings();
  }
  void ExpectCaught(const std::string& twin) {
    EXPECT_THAT(FindingsOf({TWIN_PROGRAM, twin}, twin_kills_max), testing::Not(testing::IsEmpty()))
        << "the check does not catch this fault";
  }

 private:
  const TempFolder folder_;
};

using TwinTest = KillTest;

TEST_F(TwinTest, AnswersBeforeItCommits) { ExpectCaught("early-answers"); }

TEST_F(TwinTest, MovesTheSettledRowInATransactionOfItsOwn) { ExpectCaught("separate-settled-row"); }

TEST_F(TwinTest, AnswersOutOfOrder) { ExpectCaught("reorder"); }

TEST_F(KillTest, NothingIsLostDoubledReorderedOrMisreported) {
  EXPECT_THAT(FindingsOf({SERVER_PROGRAM, "serve"}, FaultCount(20)), testing::IsEmpty());
}

}  // namespace
}  // namespace provisioning
