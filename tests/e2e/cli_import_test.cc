// SPDX-License-Identifier: Apache-2.0
// A spreadsheet becomes accounts by one command, whatever happens to the server.
//
//   ROWS=n of the file that is imported while the server is killed (default 60,000)

#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/secret_string.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/raw_database.h"

namespace provisioning {
namespace {

using testing::Each;

constexpr char header[] = "email_address,first_name,last_name,birthdate,gender\n";

int RowCount() {
  const char* text = std::getenv("ROWS");
  return text != nullptr ? std::atoi(text) : 60'000;
}

class CliImportTest : public ProvisionFixture {
 protected:
  void WriteRows(int rows) {
    std::string text = header;
    for (int i = 1; i <= rows; ++i) {
      text += "client" + std::to_string(i) + "@practice.example,Zoë,Müller,19810203,F\n";
    }
    WriteFile(file_, text);
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

  const std::string file_ = folder_.File("clients.csv");
};

TEST_F(CliImportTest, ThreeKillsOfTheServerAreNotNoticed) {
  const int rows = RowCount();
  WriteRows(rows);
  StartServer();
  const std::string results_path = file_ + ".results.csv";
  const auto client = StartImport(file_, {"--generate-passwords"});
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
  for (const std::string& line :
       database.Read("SELECT email_address, rtrim(credential) FROM client")) {
    const std::size_t bar = line.find('|');
    credentials[line.substr(0, bar)] = line.substr(bar + 1);
  }
  EXPECT_EQ(database.ReadCell("SELECT count(*) FROM client"), std::to_string(rows));
  const ResultLines results(results_path);
  ASSERT_EQ(results.size(), static_cast<std::size_t>(rows));
  int replayed = 0;
  int dead = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_EQ(results.cell(i, "row_number"), std::to_string(i + 1));
    ASSERT_EQ(results.cell(i, "outcome"), "CREATED");
    if (results.cell(i, "replayed") == "true") ++replayed;
    const SecretString password(results.cell(i, "temporary_password"));
    if (!VerifyCredential(credentials[results.cell(i, "email_address")], password)) ++dead;
  }
  EXPECT_EQ(dead, 0) << "passwords that do not work";
  printf("%d rows, 3 kills, %d answered as replays, %d passwords dead\n", rows, replayed, dead);

  // The check can fail: a password of another row does not pass for this one's.
  EXPECT_FALSE(VerifyCredential(credentials[results.cell(0, "email_address")],
                                SecretString(results.cell(1, "temporary_password"))));
}

TEST_F(CliImportTest, TheSameFileAgainChangesNothing) {
  WriteRows(2'000);
  StartServer();
  const Ran first = Import(file_, {"--generate-passwords"});
  ASSERT_EQ(first.exit_code, 0) << first.log;
  const std::string import_id = ImportIdOf(first.log);
  ASSERT_EQ(import_id.size(), 36U) << first.log;
  const auto clients = RawDatabase(database_path_).Clients();
  ASSERT_EQ(clients.size(), 2'000U);

  const std::string again = folder_.File("again.csv");
  const Ran second =
      Import(file_, {"--generate-passwords", "--import-id", import_id, "--results", again});
  EXPECT_EQ(second.exit_code, 0) << second.log;
  const ResultLines replays(again);
  ASSERT_EQ(replays.size(), 2'000U);
  EXPECT_THAT(replays.column("outcome"), Each("CREATED"));
  EXPECT_THAT(replays.column("replayed"), Each("true"));
  EXPECT_THAT(replays.column("temporary_password"), Each(""));
  EXPECT_EQ(RawDatabase(database_path_).Clients(), clients);

  const std::string anew = folder_.File("anew.csv");
  const Ran third = Import(file_, {"--generate-passwords", "--results", anew});
  EXPECT_EQ(third.exit_code, 0) << third.log;
  const ResultLines existing(anew);
  ASSERT_EQ(existing.size(), 2'000U);
  EXPECT_THAT(existing.column("outcome"), Each("ALREADY_EXISTS"));
  EXPECT_EQ(RawDatabase(database_path_).Clients(), clients);
}

TEST_F(CliImportTest, GoodBadAndRepeatedRows) {
  WriteFile(file_, std::string(header) +
                       "a@x.example,A,A,,\n"
                       "B@x.example,B,B,,\n"
                       "a@x.example,A,A,,\n"
                       "c@x.example,C,C,19810230,\n"
                       "d@x.example,D,D,19810203,F\n");
  StartServer();
  const Ran refused = Import(file_, {"--generate-passwords"});
  EXPECT_EQ(refused.exit_code, 1) << refused.log;
  EXPECT_EQ(RawDatabase(database_path_).ReadCell("SELECT count(*) FROM client"), "0");
  EXPECT_EQ(ReadFile(file_ + ".results.csv"), "");

  const Ran skipping = Import(file_, {"--generate-passwords", "--skip-rejected"});
  EXPECT_EQ(skipping.exit_code, 1) << skipping.log;
  std::vector<std::string> outcomes;
  std::ifstream lines(file_ + ".results.csv");
  for (std::string line; std::getline(lines, line);) {
    outcomes.push_back(std::vector<std::string>(absl::StrSplit(line, ','))[1]);
  }
  EXPECT_THAT(outcomes, testing::ElementsAre("outcome", "CREATED", "REJECTED", "DUPLICATE_ROW",
                                             "REJECTED", "CREATED"));
  EXPECT_EQ(ReadFile(file_ + ".rejects.csv"),
            std::string(header) + "B@x.example,B,B,,\nc@x.example,C,C,19810230,\n");
  EXPECT_THAT(ReadFile(file_ + ".problems.csv"), testing::HasSubstr("DATE_NOT_REAL"));
  struct stat status {};
  ASSERT_EQ(stat((file_ + ".results.csv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

// People from another product: some with a hash, one whose hash is of no use.
TEST_F(CliImportTest, HashesOfAnotherProductArePasswords) {
  WriteFile(file_,
            "email_address;password_hash;first_name;last_name\n"
            "ada@practice.example;$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga;"
            "Ada;Lund\n"
            "bo@practice.example;$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$"
            "YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg;Bo;Strand\n"
            "chiara@practice.example;$2a$04$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga;"
            "Chiara;Conti\n"
            "dara@practice.example;Harbour-Lantern-42;Dara;Quinn\n"
            "emeka@practice.example;;Emeka;Obi\n");
  StartServer();
  const Ran offline = Run({"validate", file_});
  EXPECT_EQ(offline.exit_code, 1);
  EXPECT_THAT(offline.log, testing::HasSubstr("too cheap to guess against"));
  EXPECT_THAT(offline.log, testing::HasSubstr("row 5 (line 6), initial_password"));
  EXPECT_THAT(offline.log, testing::Not(testing::HasSubstr("Harbour-Lantern-42")));

  const Ran ran = Import(file_, {"--generate-passwords", "--skip-rejected"});
  EXPECT_EQ(ran.exit_code, 1) << ran.log;
  EXPECT_THAT(ran.log, testing::HasSubstr("password_hash: This hash is too cheap"));
  EXPECT_THAT(ran.log, testing::HasSubstr("Hand the client their email address"));
  EXPECT_THAT(ran.log, testing::HasSubstr("sign in with the password that they have"));
  EXPECT_THAT(ran.log, testing::Not(testing::HasSubstr("Harbour-Lantern-42")));
  const ResultLines results(file_ + ".results.csv", ';');
  EXPECT_THAT(results.column("outcome"),
              testing::ElementsAre("CREATED", "CREATED", "REJECTED", "REJECTED", "CREATED"));
  for (const std::size_t line : {0, 1}) {
    EXPECT_EQ(results.cell(line, "temporary_password"), "");
    EXPECT_EQ(results.cell(line, "password_expires_at"), "");
    EXPECT_NE(results.cell(line, "client_id"), "");
  }
  EXPECT_NE(results.cell(4, "temporary_password"), "");

  const std::string passwords = folder_.File("passwords");
  WriteFile(passwords, "allmine\n");
  const Ran verified = Run({"clients", "verify", "--organization", "practice", "--email",
                            "ada@practice.example", "--passwords-file", passwords});
  EXPECT_EQ(verified.exit_code, 0) << verified.log;
}

}  // namespace
}  // namespace provisioning
