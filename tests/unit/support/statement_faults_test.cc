// SPDX-License-Identifier: Apache-2.0
#include "tests/support/statement_faults.h"

#include <string>

#include "gmock/gmock.h"

namespace provisioning {
namespace {

using Kind = StatementFault::Kind;

// Which of `count` equal statements are hit, as 0 and 1.
std::string Hits(StatementFaults& faults, const std::string& sql, int count) {
  std::string hits;
  for (int i = 0; i < count; ++i) hits += faults.Next(sql) ? '1' : '0';
  return hits;
}

TEST(StatementFaultsTest, OnceAsARule) {
  StatementFaults faults(0);
  faults.Add({.kind = Kind::kCutAfterForwarding}, "COMMIT", {});
  EXPECT_EQ(Hits(faults, "BEGIN", 3), "000");
  EXPECT_EQ(Hits(faults, "COMMIT", 3), "100");
}

TEST(StatementFaultsTest, TheNthAndSoManyAndAlways) {
  StatementFaults faults(0);
  faults.Add({.kind = Kind::kCutAfterForwarding}, "COMMIT", {.skip = 2, .times = 2});
  EXPECT_EQ(Hits(faults, "COMMIT", 6), "001100");
  faults.Add({.kind = Kind::kCutAfterForwarding}, "COMMIT", {.times = FaultTimes::always});
  EXPECT_EQ(Hits(faults, "COMMIT", 6), "111111");
  faults.Clear();
  EXPECT_EQ(Hits(faults, "COMMIT", 3), "000");
}

TEST(StatementFaultsTest, TheSameSeedHitsTheSameStatements) {
  const auto hits = [](std::uint64_t seed) {
    StatementFaults faults(seed);
    faults.Add({.kind = Kind::kError}, "x", {.times = FaultTimes::always, .probability = 0.3});
    return Hits(faults, "x", 1'000);
  };
  EXPECT_EQ(hits(7), hits(7));
  EXPECT_NE(hits(7), hits(8));
  const std::string seven = hits(7);
  EXPECT_NEAR(std::count(seven.begin(), seven.end(), '1'), 300, 60);
}

TEST(StatementFaultsTest, TheOldestOfSeveralWins) {
  StatementFaults faults(0);
  faults.Add({.kind = Kind::kError, .sqlstate = "40001"}, "COMMIT", {});
  faults.Add({.kind = Kind::kError, .sqlstate = "40P01"}, "COMMIT", {});
  EXPECT_EQ(faults.Next("COMMIT")->sqlstate, "40001");
  EXPECT_EQ(faults.Next("COMMIT")->sqlstate, "40P01");
}

TEST(StatementFaultsTest, AWordIsNoPartOfAnotherOne) {
  EXPECT_TRUE(ContainsWord("COMMIT", "COMMIT"));
  EXPECT_TRUE(ContainsWord("insert into client(a)", "INSERT INTO client"));
  EXPECT_TRUE(ContainsWord("SET x; commit;", "COMMIT"));
  EXPECT_FALSE(ContainsWord("SET synchronous_commit=on", "COMMIT"));
  EXPECT_FALSE(ContainsWord("SELECT committed", "COMMIT"));
}

TEST(StatementFaultsTest, ACommitIsKnownByItsBeginning) {
  EXPECT_TRUE(IsCommit("COMMIT"));
  EXPECT_TRUE(IsCommit("\n commit;"));
  EXPECT_TRUE(IsCommit("END"));
  EXPECT_FALSE(IsCommit("ROLLBACK"));
  EXPECT_FALSE(IsCommit("INSERT INTO t VALUES ('COMMIT')"));
  EXPECT_FALSE(IsCommit(""));
}

}  // namespace
}  // namespace provisioning
