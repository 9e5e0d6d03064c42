// SPDX-License-Identifier: Apache-2.0
// A check without a server says of every row what the server says.
//
//   COUNT=n rows (default 100,000; 20,000 under AddressSanitizer), SEED=n

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/nasty_rows.h"

namespace provisioning {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t default_rows = 20'000;
#else
constexpr std::uint64_t default_rows = 100'000;
#endif

std::uint64_t Number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Mostly as a spreadsheet writes it; sometimes as it stands, whatever comes of it.
std::string Written(const std::string& cell, NastyRows& rows) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos || rows.Below(200) == 0) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  quoted += '"';
  return quoted;
}

std::string NextLine(std::uint64_t number, NastyRows& rows) {
  std::string line;
  for (const std::string& cell : rows.Cells(number)) line += "," + Written(cell, rows);
  if (rows.Below(500) == 0) line += ",more";
  return line.substr(1) + "\n";
}

// A result without what only the server can know.
struct Verdict {
  bool rejected = false;
  std::string issues;
  bool operator==(const Verdict&) const = default;
};

std::string_view From(std::string_view line, std::string_view name) {
  const std::size_t place = line.find(name);
  return place == std::string_view::npos ? std::string_view() : line.substr(place);
}

// By row number; the summary behind them is left out.
std::vector<std::string> ReadResults(const std::string& out) {
  std::vector<std::string> lines;
  std::istringstream text(out);
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("{\"row_number\"")) lines.push_back(line);
  }
  return lines;
}

Verdict VerdictOf(std::string_view line) {
  Verdict verdict;
  verdict.rejected = line.find("\"ROW_OUTCOME_REJECTED\"") != std::string_view::npos;
  const std::string_view violations = From(line, "\"violations\":[");
  verdict.issues = violations.empty() ? From(line, "\"warnings\":[") : violations;
  return verdict;
}

std::string RowNumberOf(std::string_view line) {
  return std::string(line.substr(0, line.find(',')));
}

class SameViolationsTest : public ProvisionFixture {
 protected:
  // The lines of `provision validate --json` with these arguments.
  std::vector<std::string> Validate(const std::string& file, const std::string& more) {
    const absl::Time begin = absl::Now();
    const std::string out = folder_.File("out");
    ServerProcess provision({"/bin/sh", "-c",
                             "exec " PROVISION_PROGRAM " validate " + file + " --json " + more +
                                 " >" + out + " 2>" + folder_.File("log")});
    EXPECT_EQ(provision.Wait(absl::Minutes(10)), 1) << ReadFile(folder_.File("log"));
    std::printf("validate %s: %.1f s\n", more.c_str(), absl::ToDoubleSeconds(absl::Now() - begin));
    return ReadResults(ReadFile(out));
  }
};

TEST_F(SameViolationsTest, OfflineAndOnTheServer) {
  const std::uint64_t seed = Number("SEED", std::random_device()());
  const std::uint64_t count = Number("COUNT", default_rows);
  std::printf("SEED=%llu COUNT=%llu\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(count));
  const std::string file = folder_.File("clients.csv");
  {
    NastyRows rows(seed);
    std::ofstream out(file, std::ios::binary);
    out << "email_address,initial_password,first_name,last_name,birthdate,gender,"
           "password_hash\n";
    for (std::uint64_t i = 1; i <= count; ++i) out << NextLine(i, rows);
  }
  StartServer();
  const auto here = Validate(file, "");
  const auto there = Validate(file, "--organization practice --plaintext --server " + address_);
  ASSERT_GT(here.size(), count / 2);
  ASSERT_EQ(here.size(), there.size());
  std::uint64_t rejected = 0;
  for (std::size_t i = 0; i < here.size(); ++i) {
    ASSERT_EQ(RowNumberOf(here[i]), RowNumberOf(there[i]));
    const Verdict verdict = VerdictOf(here[i]);
    ASSERT_EQ(verdict, VerdictOf(there[i])) << here[i] << "\n" << there[i];
    if (verdict.rejected) ++rejected;
  }
  // Rows of both kinds, or it has shown nothing.
  EXPECT_GT(rejected, count / 4);
  EXPECT_LT(rejected, here.size() - count / 20);
}

}  // namespace
}  // namespace provisioning
