// SPDX-License-Identifier: Apache-2.0
// A spreadsheet becomes accounts by one command, whatever happens to the server.
//
//   ROWS=n of the file that is imported while the server is killed (default 60,000)

#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/support/raw_database.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

constexpr char header[] = "email_address,first_name,last_name,birthdate,gender\n";

int RowCount() {
  const char* text = std::getenv("ROWS");
  return text != nullptr ? std::atoi(text) : 60'000;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The lines behind the header. No cell of these files has a line end in it.
std::vector<std::vector<std::string>> ReadResults(const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  const std::string text = ReadFile(path);
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    rows.push_back(absl::StrSplit(absl::StripSuffix(line, "\r"), ','));
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

constexpr std::size_t row_number_cell = 0;
constexpr std::size_t outcome_cell = 1;
constexpr std::size_t email_address_cell = 2;
constexpr std::size_t temporary_password_cell = 5;
constexpr std::size_t replayed_cell = 9;

class CliImportTest : public testing::Test {
 protected:
  void StartServer() {
    server_ = std::make_unique<ServerProcess>(std::vector<std::string>{
        PROVISIOND_PROGRAM, "serve", "--listen", address_.empty() ? "127.0.0.1:0" : address_,
        "--store", "sqlite:" + database_path_, "--insecure-loopback"});
    address_ = server_->WaitForAddress();
    ASSERT_FALSE(address_.empty()) << server_->log();
  }

  std::unique_ptr<ServerProcess> StartImport(const std::vector<std::string>& more) {
    std::vector<std::string> command = {
        PROVISION_PROGRAM, "import", file_,         "--organization",       "practice",
        "--server",        address_, "--plaintext", "--generate-passwords", "--yes"};
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<ServerProcess>(command);
  }

  // The exit code.
  int Import(const std::vector<std::string>& more) {
    const auto client = StartImport(more);
    const auto code = client->Wait(absl::Minutes(5));
    log_ = client->log();
    return code.value_or(-1);
  }

  void WriteFile(int rows) {
    std::ofstream file(file_, std::ios::binary);
    file << header;
    for (int i = 1; i <= rows; ++i) {
      file << "client" << i << "@practice.example,Zoë,Müller,19810203,F\n";
    }
  }

  // What the store holds of the one import that there is.
  struct ImportRecord {
    std::int64_t epoch = 0;
    std::int64_t settled_through_row = 0;
    bool complete = false;
  };
  static ImportRecord ReadRecord(RawDatabase& database) {
    const std::vector<std::string> lines =
        database.Read("SELECT epoch, settled_through_row, complete FROM import");
    if (lines.empty()) return {};
    const std::vector<std::string> cells = absl::StrSplit(lines.front(), '|');
    return {std::stoll(cells[0]), std::stoll(cells[1]), cells[2] != "0"};
  }

  // Waits until a stream that began after `last` has settled rows, or the
  // command has ended.
  static bool WaitForProgress(RawDatabase& database, const ImportRecord& last,
                              ServerProcess& client) {
    while (!client.Wait(absl::Milliseconds(1))) {
      const ImportRecord now = ReadRecord(database);
      if (now.epoch > last.epoch && now.settled_through_row > last.settled_through_row) return true;
    }
    return false;
  }

  std::string ImportIdOf(const std::string& log) {
    const std::size_t place = log.find("--import-id ");
    return place == std::string::npos ? "" : log.substr(place + 12, 36);
  }

  TempFolder folder_;
  const std::string database_path_ = folder_.File("clients.db");
  const std::string file_ = folder_.File("clients.csv");
  std::string address_;
  std::string log_;
  std::unique_ptr<ServerProcess> server_;
};

TEST_F(CliImportTest, ThreeKillsOfTheServerAreNotNoticed) {
  const int rows = RowCount();
  WriteFile(rows);
  StartServer();
  const std::string results_path = file_ + ".results.csv";
  const auto client = StartImport({});
  RawDatabase database(database_path_);
  // A kill counts when it ends a stream that has work behind it and before it:
  // one that hits an idle server, or a complete import, tests nothing.
  ImportRecord last;
  for (int kill = 1; kill <= 3; ++kill) {
    ASSERT_TRUE(WaitForProgress(database, last, *client))
        << "the import was over before kill " << kill << "\n"
        << client->log();
    server_->Kill();
    last = ReadRecord(database);
    ASSERT_FALSE(last.complete) << "kill " << kill << " came too late: take more ROWS";
    ASSERT_LT(last.settled_through_row, rows) << "kill " << kill << " came too late";
    StartServer();
  }
  ASSERT_EQ(client->Wait(absl::Minutes(5)), 0) << client->log();

  EXPECT_GT(ReadRecord(database).epoch, last.epoch);
  EXPECT_TRUE(ReadRecord(database).complete);

  std::map<std::string, std::string> credentials;
  for (const std::string& line : database.Read("SELECT email_address, credential FROM client")) {
    const std::size_t bar = line.find('|');
    credentials[line.substr(0, bar)] = line.substr(bar + 1);
  }
  EXPECT_EQ(database.ReadCell("SELECT count(*) FROM client"), std::to_string(rows));
  const auto results = ReadResults(results_path);
  ASSERT_EQ(results.size(), static_cast<std::size_t>(rows));
  int replayed = 0;
  int dead = 0;
  for (int i = 0; i < rows; ++i) {
    const auto& cells = results[static_cast<std::size_t>(i)];
    ASSERT_EQ(cells[row_number_cell], std::to_string(i + 1));
    ASSERT_EQ(cells[outcome_cell], "CREATED");
    if (cells[replayed_cell] == "true") ++replayed;
    const SecretString password(cells[temporary_password_cell]);
    if (!VerifyCredential(credentials[cells[email_address_cell]], password)) ++dead;
  }
  EXPECT_EQ(dead, 0) << "passwords that do not work";
  printf("%d rows, 3 kills, %d answered as replays, %d passwords dead\n", rows, replayed, dead);

  // The check can fail: a password of another row does not pass for this one's.
  EXPECT_FALSE(VerifyCredential(credentials[results[0][email_address_cell]],
                                SecretString(results[1][temporary_password_cell])));
}

TEST_F(CliImportTest, TheSameFileAgainChangesNothing) {
  WriteFile(2'000);
  StartServer();
  ASSERT_EQ(Import({}), 0) << log_;
  const std::string import_id = ImportIdOf(log_);
  ASSERT_EQ(import_id.size(), 36U) << log_;
  const auto clients = RawDatabase(database_path_).Clients();
  ASSERT_EQ(clients.size(), 2'000U);

  const std::string again = folder_.File("again.csv");
  EXPECT_EQ(Import({"--import-id", import_id, "--results", again}), 0) << log_;
  const auto replays = ReadResults(again);
  ASSERT_EQ(replays.size(), 2'000U);
  for (const auto& cells : replays) {
    ASSERT_EQ(cells[outcome_cell], "CREATED");
    ASSERT_EQ(cells[replayed_cell], "true");
    ASSERT_EQ(cells[temporary_password_cell], "");
  }
  EXPECT_EQ(RawDatabase(database_path_).Clients(), clients);

  const std::string anew = folder_.File("anew.csv");
  EXPECT_EQ(Import({"--results", anew}), 0) << log_;
  const auto existing = ReadResults(anew);
  ASSERT_EQ(existing.size(), 2'000U);
  for (const auto& cells : existing) ASSERT_EQ(cells[outcome_cell], "ALREADY_EXISTS");
  EXPECT_EQ(RawDatabase(database_path_).Clients(), clients);
}

TEST_F(CliImportTest, GoodBadAndRepeatedRows) {
  {
    std::ofstream file(file_, std::ios::binary);
    file << header << "a@x.example,A,A,,\n"
         << "B@x.example,B,B,,\n"
         << "a@x.example,A,A,,\n"
         << "c@x.example,C,C,19810230,\n"
         << "d@x.example,D,D,19810203,F\n";
  }
  StartServer();
  EXPECT_EQ(Import({}), 1) << log_;
  EXPECT_EQ(RawDatabase(database_path_).ReadCell("SELECT count(*) FROM client"), "0");
  EXPECT_EQ(ReadFile(file_ + ".results.csv"), "");

  EXPECT_EQ(Import({"--skip-rejected"}), 1) << log_;
  std::vector<std::string> outcomes;
  for (const auto& cells : ReadResults(file_ + ".results.csv")) {
    outcomes.push_back(cells[outcome_cell]);
  }
  EXPECT_THAT(outcomes,
              testing::ElementsAre("CREATED", "REJECTED", "DUPLICATE_ROW", "REJECTED", "CREATED"));
  EXPECT_EQ(ReadFile(file_ + ".rejects.csv"),
            std::string(header) + "B@x.example,B,B,,\nc@x.example,C,C,19810230,\n");
  EXPECT_THAT(ReadFile(file_ + ".problems.csv"), testing::HasSubstr("DATE_NOT_REAL"));
  struct stat status {};
  ASSERT_EQ(stat((file_ + ".results.csv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

}  // namespace
}  // namespace provisioning
