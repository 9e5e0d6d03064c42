// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/generated_import.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"

namespace provisioning {
namespace {

constexpr std::size_t findings_max = 10;

// Much more than the client has under way at a time, or what is to happen in the
// middle of an import finds it over.
#ifdef __SANITIZE_ADDRESS__
constexpr int default_rows = 40'000;
#else
constexpr int default_rows = 200'000;
#endif

std::string AddressOf(std::int64_t row) { return absl::StrCat("client", row, "@practice.example"); }

std::uint64_t Seed() {
  const char* text = std::getenv("SEED");
  const std::uint64_t seed =
      text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
  printf("SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

int RowCount(int otherwise) {
  const char* text = std::getenv("ROWS");
  return text != nullptr ? std::atoi(text) : otherwise;
}

}  // namespace

Credentials ReadCredentials(RawDatabase& database) {
  Credentials credentials;
  for (const std::string& line :
       database.Read("SELECT email_address, rtrim(credential) FROM client")) {
    const std::size_t bar = line.find('|');
    credentials[line.substr(0, bar)] = line.substr(bar + 1);
  }
  return credentials;
}

std::vector<std::string> AuditResults(const std::string& results_path,
                                      const Credentials& credentials, int rows,
                                      const std::string& outcome) {
  std::vector<std::string> findings;
  const auto find = [&findings](const std::string& finding) {
    if (findings.size() < findings_max) findings.push_back(finding);
  };
  if (std::ssize(credentials) != rows) find(absl::StrCat(credentials.size(), " clients"));
  const ResultLines lines(results_path);
  if (std::ssize(lines) != rows) find(absl::StrCat(lines.size(), " lines"));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string row = std::to_string(i + 1);
    const std::string& address = lines.cell(i, "email_address");
    if (lines.cell(i, "row_number") != row) find("no line of row " + row + " in its place");
    if (lines.cell(i, "outcome") != outcome) find("outcome of row " + row);
    if (address != AddressOf(static_cast<std::int64_t>(i) + 1)) find("address of row " + row);
    const auto credential = credentials.find(address);
    const SecretString password(lines.cell(i, "temporary_password"));
    const bool works =
        credential != credentials.end() && VerifyCredential(credential->second, password);
    if (!works) find("dead password of row " + row);
  }
  return findings;
}

std::string ResumeCommandIn(const std::string& log) {
  std::string command;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    if (absl::StrContains(line, " --resume")) command = std::string(line);
  }
  return command;
}

GeneratedImport::GeneratedImport() : GeneratedImport(default_rows) {}

GeneratedImport::GeneratedImport(int rows) : rows_(RowCount(rows)), random_(Seed()) {}

void GeneratedImport::WriteRows() {
  std::string text = "email_address,first_name,last_name,birthdate,gender\n";
  for (int row = 1; row <= rows_; ++row) {
    absl::StrAppend(&text, AddressOf(row), ",Zoë,", row % 3 == 0 ? "Müller-Lüdenscheidt" : "佐藤",
                    ",", row % 2 == 0 ? "19810203" : "", ",F\n");
  }
  WriteFile(file_, text);
}

std::unique_ptr<ServerProcess> GeneratedImport::StartImport(const std::vector<std::string>& more) {
  std::vector<std::string> flags = {"--generate-passwords"};
  flags.insert(flags.end(), more.begin(), more.end());
  return ProvisionFixture::StartImport(file_, flags);
}

std::unique_ptr<ServerProcess> GeneratedImport::Shell(const std::string& command) {
  return std::make_unique<ServerProcess>(
      std::vector<std::string>{"/bin/sh", "-c", "exec " + command});
}

GeneratedImport::Record GeneratedImport::ReadRecord() {
  const std::vector<std::string> lines =
      RawDatabase(database_path_).Read("SELECT epoch, settled_through_row, complete FROM import");
  if (lines.empty()) return {};
  const std::vector<std::string> cells = absl::StrSplit(lines.front(), '|');
  return {std::stoll(cells[0]), std::stoll(cells[1]), cells[2] != "0"};
}

std::int64_t GeneratedImport::ResultsBytes() const {
  struct stat state {};
  return stat(results_path_.c_str(), &state) == 0 ? state.st_size : 0;
}

bool GeneratedImport::WaitForResults(ServerProcess& client, std::int64_t bytes) const {
  while (ResultsBytes() < bytes) {
    if (client.Wait(absl::Milliseconds(1))) return false;
  }
  return true;
}

bool GeneratedImport::WaitForLines(ServerProcess& client, std::int64_t lines) const {
  while (CountLines() < lines) {
    if (client.Wait(absl::Milliseconds(1))) return false;
  }
  return true;
}

std::int64_t GeneratedImport::CountLines() const {
  return std::max<std::int64_t>(std::ranges::count(ReadFile(results_path_), '\n') - 1, 0);
}

int GeneratedImport::Wait(ServerProcess& client) {
  return client.Wait(absl::Minutes(5)).value_or(-1);
}

void GeneratedImport::ExpectWhole() {
  EXPECT_TRUE(ReadRecord().complete);
  EXPECT_THAT(AuditResults(results_path_, ReadStoredCredentials(), rows_), testing::IsEmpty());
}

Credentials GeneratedImport::ReadStoredCredentials() {
  RawDatabase database(database_path_);
  return ReadCredentials(database);
}

std::int64_t GeneratedImport::Random(std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>(from, std::max(from, to))(random_);
}

}  // namespace provisioning
