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

namespace provisioning {
namespace {

using namespace std::string_literals;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t default_rows = 20'000;
#else
constexpr std::uint64_t default_rows = 100'000;
#endif

std::uint64_t Number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Pieces that the rules have something to say about, and their neighbours.
const std::vector<std::string>& NastyPieces() {
  static const std::vector<std::string> pieces = {"a",
                                                  "b",
                                                  "Z",
                                                  "0",
                                                  "9",
                                                  "@",
                                                  "@",
                                                  ".",
                                                  ".",
                                                  "-",
                                                  "_",
                                                  "+",
                                                  " ",
                                                  "\t",
                                                  "\"",
                                                  "'",
                                                  "\n",
                                                  "\r\n",
                                                  ",",
                                                  ";",
                                                  "=",
                                                  "#",
                                                  "#N/A",
                                                  "#REF!",
                                                  "Err:502",
                                                  "<",
                                                  ">",
                                                  "mailto:",
                                                  "example.com",
                                                  "x.example",
                                                  "gmial.com",
                                                  "xn--",
                                                  "xn--mnchen-3ya.example",
                                                  "19811120",
                                                  "1981-11-20",
                                                  "20.11.1981",
                                                  "29910",
                                                  "1.9811E+07",
                                                  "19810230",
                                                  "M",
                                                  "F",
                                                  "female",
                                                  "$2a$",
                                                  "$2b$10$",
                                                  "$2y$04$",
                                                  "$2b$31$",
                                                  "$argon2id$",
                                                  "$argon2id$v=19$m=65536,t=3,p=4$",
                                                  "$argon2id$v=19$m=8,t=1,p=1$",
                                                  "$6$",
                                                  "password",
                                                  "12345678",
                                                  "\0"s,
                                                  "\x7F",
                                                  "\xC2\x85",
                                                  "\xC2\xA0",
                                                  "\xE2\x80\xAE",
                                                  "\xE2\x80\x8B",
                                                  "\xEF\xBB\xBF",
                                                  "\xEF\xBF\xBF",
                                                  "\xED\xA0\x80",
                                                  "\xFF",
                                                  "\xC3",
                                                  "\xE9",
                                                  "\xC3\xBC",
                                                  "u\xCC\x88",
                                                  "\xCE\x91",
                                                  "\xD7\x90",
                                                  "\xD8\xA7",
                                                  "\xE0\xA4\x95",
                                                  "\xE5\xB1\xB1",
                                                  "\xF0\xA0\xAE\xB7",
                                                  "\xF0\x9F\x98\x80",
                                                  "\xF0\xBF\xBF\xBE",
                                                  "\xE2\x84\xAB",
                                                  "\xEF\xBC\xA1",
                                                  "\xCD\x8F"};
  return pieces;
}

constexpr char hash[] = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

class NastyRows {
 public:
  explicit NastyRows(std::uint64_t seed) : random_(seed) {}

  // Seven cells, most of them good, so that each rule meets rows that break it alone.
  std::string Row(std::uint64_t number) {
    const bool has_hash = Below(4) == 0;
    const std::string cells[] = {
        Good() ? "client" + std::to_string(number) + "@x.example" : Nasty(),
        has_hash && Good() ? ""
        : Good()           ? "correct horse " + std::to_string(number)
                           : Nasty(),
        Good() ? "Ann" : Nasty(),
        Good() ? "Ng" : Nasty(),
        Good() ? "19811120" : Nasty(),
        Good() ? "F" : Nasty(),
        !has_hash ? ""
        : Good()  ? hash
                  : Nasty()};
    std::string row;
    for (const std::string& cell : cells) row += (&cell == cells ? "" : ",") + Written(cell);
    if (Below(500) == 0) row += ",more";
    return row + "\n";
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  bool Good() { return Below(4) != 0; }

  std::string Nasty() {
    if (Below(8) == 0) return "";
    if (Below(40) == 0) return std::string(Below(5000), 'x') + Piece();
    std::string text;
    for (std::size_t pieces = 1 + Below(7); pieces > 0; --pieces) text += Piece();
    return text;
  }
  const std::string& Piece() { return NastyPieces()[Below(NastyPieces().size())]; }

  // Mostly as a spreadsheet writes it; sometimes as it stands, whatever comes of it.
  std::string Written(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos || Below(200) == 0) return cell;
    std::string quoted = "\"";
    for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
    quoted += '"';
    return quoted;
  }

  std::mt19937_64 random_;
};

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
    for (std::uint64_t i = 1; i <= count; ++i) out << rows.Row(i);
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
