// SPDX-License-Identifier: Apache-2.0
// clients and imports, list and show, as people and programs call them.
#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provision_fixture.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char import_id[] = "01a20d0f-b0a9-7e39-807c-1404efe69764";

class CliListsTest : public ProvisionFixture {
 protected:
  void SetUp() override { StartServer(); }

  void ImportPeople(int rows) {
    std::string text = "email_address,first_name,last_name\n";
    for (int i = 0; i < rows; ++i) {
      text += "p" + std::to_string(i) + "@example.com,花子,佐藤\n";
    }
    WriteFile(folder_.File("people.csv"), text);
    const Ran ran = Import(folder_.File("people.csv"),
                           {"--generate-passwords", "--quiet", "--import-id", import_id});
    ASSERT_EQ(ran.exit_code, 0) << ran.log;
  }
  // What a shell makes of `command`, where $P is the program.
  Ran Shell(const std::string& command) {
    ServerProcess process({"/bin/bash", "-o", "pipefail", "-c", command},
                          {"PROVISION_SERVER=" + address_, "PROVISION_PLAINTEXT=1",
                           std::string("P=") + PROVISION_PROGRAM, "F=" + folder_.File("")});
    const int exit_code = process.Wait(absl::Minutes(2)).value_or(-1);
    return {exit_code, process.log()};
  }
};

TEST_F(CliListsTest, PrintsEveryRowOverAllPages) {
  ImportPeople(3'500);
  const Ran table = Run({"clients", "list", "--organization", "practice"});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_EQ(std::ranges::count(table.log, '\n'), 3'501);
  const Ran json = Run({"clients", "list", "--organization", "practice", "--json"});
  EXPECT_EQ(std::ranges::count(json.log, '\n'), 3'500);
  EXPECT_TRUE(json.log.starts_with("{\"organization_id\":\"practice\"")) << json.log.substr(0, 200);
  EXPECT_THAT(json.log, AllOf(HasSubstr("\"p0@example.com\""), HasSubstr("\"p3499@example.com\"")));
}

TEST_F(CliListsTest, EndsQuietlyWhenNobodyReadsOn) {
  ImportPeople(3'500);
  for (const std::string flag : {"", " --json"}) {
    const Ran ran = Shell("$P clients list --organization practice" + flag + " | head -n 2");
    EXPECT_EQ(ran.exit_code, 0) << ran.log;
    EXPECT_EQ(std::ranges::count(ran.log, '\n'), 2) << ran.log;
  }
}

TEST_F(CliListsTest, SaysWhenStdoutCannotBeWritten) {
  ImportPeople(1);
  const Ran ran = Shell("$P clients list --organization practice > /dev/full");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.log, HasSubstr("stdout cannot be written to"));
}

TEST_F(CliListsTest, ShowsAClientByIdOrAddress) {
  ImportPeople(1);
  for (const std::vector<std::string>& which :
       {std::vector<std::string>{"p0@example.com"}, {"--email", "p0@example.com"}}) {
    std::vector<std::string> arguments = {"clients", "show", "--organization", "practice"};
    arguments.insert(arguments.end(), which.begin(), which.end());
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.log;
    EXPECT_THAT(ran.log,
                AllOf(HasSubstr("花子 佐藤"), HasSubstr("works until "), HasSubstr(import_id)));
  }
}

TEST_F(CliListsTest, SaysWhichOneIsNotThere) {
  const Ran client = Run({"clients", "show", "nobody@example.com", "--organization", "practice"});
  EXPECT_EQ(client.exit_code, 1);
  EXPECT_THAT(client.log, AllOf(HasSubstr("nobody@example.com"), HasSubstr("\"practice\"")));
  const Ran import = Run({"imports", "show", import_id, "--organization", "practice"});
  EXPECT_EQ(import.exit_code, 1);
  EXPECT_THAT(import.log, AllOf(HasSubstr(import_id), HasSubstr("\"practice\"")));
  const Ran no_id = Run({"imports", "show", "latest", "--organization", "practice"});
  EXPECT_EQ(no_id.exit_code, 2);
  EXPECT_THAT(no_id.log, HasSubstr("provision imports list"));
}

TEST_F(CliListsTest, ShowsImportsAndTheirEnd) {
  ImportPeople(2);
  EXPECT_THAT(Run({"imports", "list", "--organization", "practice"}).log,
              AllOf(HasSubstr(import_id), HasSubstr("complete"), HasSubstr("people.csv")));
  const Ran shown = Run({"imports", "show", import_id, "--organization", "practice"});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_THAT(shown.log, AllOf(HasSubstr("complete"), Not(HasSubstr("--resume"))));
  EXPECT_THAT(Run({"imports", "list", "--organization", "nobody"}).log, HasSubstr("No imports."));
}

TEST_F(CliListsTest, WaitsForAnAnswerAsLongAsItIsTold) {
  server_->Signal(SIGSTOP);
  const Ran ran = Run({"clients", "list", "--organization", "practice", "--timeout", "1s"});
  server_->Signal(SIGCONT);
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.log, HasSubstr("no answer within 1.0 s"));
}

}  // namespace
}  // namespace provisioning
