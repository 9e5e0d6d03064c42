// SPDX-License-Identifier: Apache-2.0
// One import over a network, and by a process, that do not last. First the check
// of what comes of it has to catch results that are wrong.
//
//   ROWS=n (default 40,000 under AddressSanitizer, else 200,000)
//   COUNT=n cuts or kills (default 20), SEED=n

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/generated_import.h"
#include "tests/support/cutting_proxy.h"

namespace provisioning {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// A result takes at least so many bytes on the wire, when it is VALID and when
// it is CREATED with a password.
constexpr std::int64_t valid_bytes_min = 30;
constexpr std::int64_t created_bytes_min = 100;

int Count() {
  const char* text = std::getenv("COUNT");
  return text != nullptr ? std::atoi(text) : 20;
}

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

class CutImportTest : public GeneratedImport {
 protected:
  // `cuts` connections that are cut and one that is not. All that they let pass
  // together is less than the pass has to send, so that none comes too late.
  void PlanPass(int cuts, std::int64_t result_bytes_min,
                std::deque<std::optional<CuttingProxy::Cut>>& plan) {
    const auto file_bytes = static_cast<std::int64_t>(std::filesystem::file_size(file_));
    for (int i = 0; i < cuts; ++i) {
      const bool to_server = Random(0, 1) == 0;
      const std::int64_t share = (to_server ? file_bytes : rows_ * result_bytes_min) / (cuts + 1);
      plan.push_back(CuttingProxy::Cut{
          .to_server = to_server,
          .after_bytes = Random(std::max(share / 3, CuttingProxy::planned_bytes_min), share)});
    }
    plan.push_back(std::nullopt);
  }
};

TEST_F(CutImportTest, CutsInBothPassesAreNotNoticed) {
  const int cuts = Count();
  WriteRows();
  StartServer();
  CuttingProxy proxy(address_);
  std::deque<std::optional<CuttingProxy::Cut>> plan;
  PlanPass(cuts / 2, valid_bytes_min, plan);
  PlanPass(cuts - cuts / 2, created_bytes_min, plan);
  proxy.Plan(plan);

  const absl::Time begin = absl::Now();
  const auto client = StartImport({"--server", proxy.address()});
  ASSERT_EQ(Wait(*client), 0) << client->log();
  const absl::Duration time = absl::Now() - begin;

  // Each cut tore a stream that had begun and that had rows under way, and the
  // client saw each of them.
  ASSERT_EQ(std::ssize(proxy.cuts()), cuts);
  for (const auto& cut : proxy.cuts()) {
    EXPECT_GE(cut.to_server, CuttingProxy::planned_bytes_min);
    EXPECT_GT(cut.to_client, 0);
  }
  EXPECT_EQ(CountOf(client->log(), "Connected again"), cuts) << client->log();
  EXPECT_EQ(ReadRecord().streams, cuts - cuts / 2 + 1);
  ExpectWhole();
  const ResultLines lines(results_path_);
  const auto replayed = lines.column("replayed");
  printf("%d rows, %d cuts that hit (%d while checking), %d replays, %d lines, 0 dead, %.1f s\n",
         rows_, cuts, cuts / 2, static_cast<int>(std::ranges::count(replayed, "true")),
         static_cast<int>(lines.size()), absl::ToDoubleSeconds(time));
}

// As a process that ends in the middle of a write leaves it.
void TearLastLine(const std::string& path, std::int64_t bytes) {
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size - bytes));
}

TEST_F(CutImportTest, KillsOfTheProgramLoseNothing) {
  const int kills = Count();
  WriteRows();
  StartServer();
  const absl::Time begin = absl::Now();
  // A check that is killed leaves nothing behind: it is run again.
  for (int kill = 0; kill < 2; ++kill) {
    const auto checking = StartImport();
    ASSERT_EQ(checking->Wait(absl::Milliseconds(Random(1, 60))), std::nullopt);
    checking->Kill();
    ASSERT_EQ(ResultsBytes(), 0) << "the check was over";
  }
  auto client = StartImport();
  int torn = 0;
  for (int kill = 1; kill <= kills; ++kill) {
    ASSERT_TRUE(client->WaitForLog("--resume")) << client->log();
    const std::int64_t bytes_of_all = rows_ * 100;
    const std::int64_t rest = bytes_of_all - ResultsBytes();
    const std::int64_t more = Random(0, rest / (kills - kill + 2));
    ASSERT_TRUE(WaitForResults(*client, ResultsBytes() + more)) << client->log();
    ASSERT_EQ(client->Wait(absl::Milliseconds(Random(0, 3))), std::nullopt) << client->log();
    client->Kill();
    // A kill counts when there are rows whose answers it takes away.
    ASSERT_LT(CountLines(), rows_) << "kill " << kill << " came too late: take more ROWS";
    if (Random(0, 1) == 0) {
      ++torn;
      TearLastLine(results_path_, Random(1, 120));
    }
    const std::string command = ResumeCommandIn(client->log());
    ASSERT_NE(command, "") << client->log();
    client = Shell(command);
  }
  ASSERT_EQ(Wait(*client), 0) << client->log();
  const absl::Duration time = absl::Now() - begin;
  ExpectWhole();
  const ResultLines lines(results_path_);
  const auto replayed = lines.column("replayed");
  printf(
      "%d rows, %d kills (and 2 while checking), %d torn lines, %d replays, %d lines, 0 dead, "
      "%.1f s\n",
      rows_, kills, torn, static_cast<int>(std::ranges::count(replayed, "true")),
      static_cast<int>(lines.size()), absl::ToDoubleSeconds(time));
}

// What a client that goes wrong would leave behind.
TEST_F(CutImportTest, TheCheckCatchesWrongResults) {
  WriteRows();
  StartServer();
  const auto client = StartImport();
  ASSERT_EQ(Wait(*client), 0) << client->log();
  ExpectWhole();
  const std::string good = ReadFile(results_path_);
  const std::vector<std::string> lines = absl::StrSplit(good, '\n');
  RawDatabase database(database_path_);
  const auto audit = [&](const std::vector<std::string>& changed) {
    WriteFile(results_path_, absl::StrJoin(changed, "\n"));
    return AuditResults(results_path_, ReadCredentials(database), rows_);
  };
  EXPECT_THAT(audit(lines), IsEmpty());

  auto doubled = lines;
  doubled.insert(doubled.begin() + 7, doubled[7]);
  EXPECT_THAT(audit(doubled), Contains("no line of row 8 in its place"));
  auto missing = lines;
  missing.erase(missing.begin() + 7);
  EXPECT_THAT(audit(missing), Contains("no line of row 7 in its place"));
  auto swapped = lines;
  std::swap(swapped[7], swapped[8]);
  EXPECT_THAT(audit(swapped), Contains("no line of row 7 in its place"));
  auto others = lines;
  const std::vector<std::string> cells = absl::StrSplit(lines[8], ',');
  std::vector<std::string> wrong = absl::StrSplit(lines[7], ',');
  wrong[5] = cells[5];
  others[7] = absl::StrJoin(wrong, ",");
  EXPECT_THAT(audit(others), Contains("dead password of row 7"));
  wrong[5] = "";
  others[7] = absl::StrJoin(wrong, ",");
  EXPECT_THAT(audit(others), Contains("dead password of row 7"));

  WriteFile(results_path_, good);
  database.Change("UPDATE client SET credential='$none' WHERE email_address LIKE 'client9@%'");
  EXPECT_THAT(AuditResults(results_path_, ReadCredentials(database), rows_),
              testing::ElementsAre("dead password of row 9"));
}

}  // namespace
}  // namespace provisioning
