// SPDX-License-Identifier: Apache-2.0
// An import as a person sees it at a terminal.
#include <filesystem>
#include <string>
#include <vector>

#include "client/terminal/text_columns.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/terminal_process.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Under way for some seconds, and no more than a moment when stopped.
constexpr int long_file_rows = 60'000;
constexpr char import_id[] = "01a20d0f-b0a9-7e39-807c-1404efe69764";

class CliTerminalTest : public ProvisionFixture {
 protected:
  void SetUp() override { StartServer(); }

  std::unique_ptr<TerminalProcess> AtTerminal(const std::vector<std::string>& arguments,
                                              int columns,
                                              const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {PROVISION_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment = {"PROVISION_SERVER=" + address_, "PROVISION_PLAINTEXT=1",
                                            "TERM=xterm-256color"};
    environment.insert(environment.end(), more.begin(), more.end());
    return std::make_unique<TerminalProcess>(command, environment, columns);
  }

  // So many rows with a password, or without, and one that is rejected.
  std::string WriteFileOf(int rows, bool passwords = true) {
    std::string text = "email_address,initial_password,first_name,last_name\n";
    text += "Upper@example.com,correct horse,花子,佐藤\n";
    for (int i = 0; i < rows; ++i) {
      text += "p" + std::to_string(i) + "@example.com," +
              (passwords ? "correct horse " + std::to_string(i) : "") + ",花子,佐藤\n";
    }
    WriteFile(folder_.File("people.csv"), text);
    return folder_.File("people.csv");
  }
};

// What is drawn over and over must fit, or it could not be drawn over.
void ExpectBarsFit(const std::vector<std::string>& lines, std::size_t columns) {
  int bars = 0;
  for (const std::string& line : lines) {
    if (!line.starts_with("Importing ")) continue;
    ++bars;
    EXPECT_LT(ColumnsOf(line), columns) << line;
    EXPECT_THAT(line, AllOf(HasSubstr("["), HasSubstr(" %"), HasSubstr("/s")));
  }
  EXPECT_GT(bars, 0);
}

class CliTerminalWidthTest : public CliTerminalTest, public testing::WithParamInterface<int> {};

TEST_P(CliTerminalWidthTest, StopsAtCtrlCAndGoesOnWithThePrintedCommand) {
  const int columns = GetParam();
  const std::vector<std::string> command = {"import",
                                            WriteFileOf(long_file_rows, false),
                                            "--organization",
                                            "practice",
                                            "--generate-passwords",
                                            "--skip-rejected",
                                            "--import-id",
                                            import_id};
  const auto first = AtTerminal(command, columns);
  ASSERT_TRUE(first->WaitFor("has no clients yet")) << first->output();
  ASSERT_TRUE(first->WaitFor("[y/N] "));
  first->Type("y\r");
  ASSERT_TRUE(first->WaitFor("Importing [")) << first->output();
  first->Type("\x03");
  ASSERT_TRUE(first->WaitFor("Stopping: waiting")) << first->output();
  EXPECT_EQ(first->Wait(), 130) << first->output();
  const std::string said = first->output();
  ASSERT_THAT(said, HasSubstr("Stopped. To go on"));
  EXPECT_THAT(said.substr(said.rfind("Stopped. To go on")),
              AllOf(HasSubstr("--import-id " + std::string(import_id)), HasSubstr("--resume")));
  ExpectBarsFit(first->DrawnLines(), columns);

  std::vector<std::string> resume = command;
  resume.push_back("--resume");
  const auto second = AtTerminal(resume, columns);
  EXPECT_EQ(second->Wait(), 1) << second->output();
  EXPECT_THAT(second->output(),
              AllOf(HasSubstr("60,001 rows in all"), HasSubstr("60,000  created"),
                    HasSubstr("1  rejected"), HasSubstr("people.csv.rejects.csv")));
  EXPECT_EQ(ResultLines(folder_.File("people.csv.results.csv")).size(), 60'001u);
}

INSTANTIATE_TEST_SUITE_P(Widths, CliTerminalWidthTest, testing::Values(60, 80, 200));

TEST_F(CliTerminalTest, TakesNoForAnAnswer) {
  const auto import =
      AtTerminal({"import", WriteFileOf(1), "--organization", "practice", "--skip-rejected"}, 80);
  ASSERT_TRUE(import->WaitFor("[y/N] "));
  import->Type("n\r");
  EXPECT_EQ(import->Wait(), 1);
  EXPECT_THAT(import->output(), HasSubstr("Nothing was imported."));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("people.csv.results.csv")));
}

TEST_F(CliTerminalTest, DoesNotAskWithYesOrNoInput) {
  const std::string file = WriteFileOf(1);
  const auto refused = AtTerminal(
      {"import", file, "--organization", "practice", "--skip-rejected", "--no-input"}, 80);
  EXPECT_EQ(refused->Wait(), 2);
  EXPECT_THAT(refused->output(), AllOf(HasSubstr("--yes"), Not(HasSubstr("[y/N]"))));
  const auto taken = AtTerminal({"--yes", "import", file, "--organization", "practice"}, 80);
  EXPECT_EQ(taken->Wait(), 2);  // --yes belongs to import, behind its name.
  const auto imported = AtTerminal(
      {"--no-input", "import", file, "--organization", "practice", "--skip-rejected", "--yes"}, 80);
  EXPECT_EQ(imported->Wait(), 1);
  EXPECT_THAT(imported->output(), Not(HasSubstr("[y/N]")));
}

TEST_F(CliTerminalTest, DrawsTheBarAnewInANarrowerWindow) {
  const auto import = AtTerminal({"import", WriteFileOf(long_file_rows, false), "--organization",
                                  "practice", "--generate-passwords", "--skip-rejected", "--yes"},
                                 120);
  ASSERT_TRUE(import->WaitFor("Importing ["));
  import->Resize(60);
  ASSERT_TRUE(import->WaitFor("\033[1A\033[J")) << import->output();  // Two lines were taken up.
  ASSERT_TRUE(import->WaitFor("Importing ["));
  import->Type("\x03");
  EXPECT_EQ(import->Wait(), 130);
  bool narrow = false;
  for (const std::string& line : import->DrawnLines()) {
    if (!line.starts_with("Importing ")) continue;
    narrow = narrow || ColumnsOf(line) < 60;
    EXPECT_TRUE(!narrow || ColumnsOf(line) < 60) << line;
  }
  EXPECT_TRUE(narrow);
}

TEST_F(CliTerminalTest, ColoursOnlyWhereTheyAreWanted) {
  const std::string red = "\033[31m";
  const auto output = [&](const std::vector<std::string>& arguments,
                          const std::vector<std::string>& environment) {
    const auto process = AtTerminal(arguments, 80, environment);
    EXPECT_EQ(process->Wait(), 2);
    return process->output();
  };
  const std::vector<std::string> wrong = {"imports", "show", "x", "--organization", "practice"};
  std::vector<std::string> always = wrong;
  always.insert(always.end(), {"--color", "always"});
  std::vector<std::string> never = wrong;
  never.insert(never.begin(), {"--color", "never"});
  EXPECT_THAT(output(wrong, {}), HasSubstr(red));
  EXPECT_THAT(output(never, {}), Not(HasSubstr("\033")));
  EXPECT_THAT(output(wrong, {"NO_COLOR=1"}), Not(HasSubstr("\033")));
  EXPECT_THAT(output(always, {"NO_COLOR=1"}), HasSubstr(red));
  EXPECT_THAT(Run(wrong).log, Not(HasSubstr("\033")));
  EXPECT_THAT(Run(always).log, HasSubstr(red));
}

TEST_F(CliTerminalTest, LetsNoEscapeSequenceThrough) {
  const std::string file = folder_.File("\033]0;owned\a.csv");
  WriteFile(file,
            "email_address,initial_password,first_name,last_name\n"
            "\033[2Ja@example.com,correct horse,\033[31mAnn,Ng\n");
  const auto validate = AtTerminal({"validate", file}, 80);
  EXPECT_EQ(validate->Wait(), 1) << validate->output();
  EXPECT_THAT(validate->output(), AllOf(Not(HasSubstr("\033]")), Not(HasSubstr("\033[2J")),
                                        Not(HasSubstr("\033[31m")), HasSubstr("owned")));
}

TEST_F(CliTerminalTest, WrapsBetweenWordsButNotWhatIsToBePasted) {
  const std::string file = WriteFileOf(1);
  const auto import = AtTerminal({"validate", file}, 60);
  EXPECT_EQ(import->Wait(), 1);
  for (const std::string& line : import->DrawnLines()) {
    const bool command =
        line.find("provision import ") != std::string::npos || line.find(file) != std::string::npos;
    EXPECT_TRUE(command || ColumnsOf(line) <= 60u) << line;
  }
  EXPECT_THAT(import->output(), HasSubstr("provision import " + file + " --organization ORG"));
}

TEST_F(CliTerminalTest, QuietSaysErrorsAlone) {
  const std::string file = WriteFileOf(1);
  const auto import = AtTerminal(
      {"import", file, "--organization", "practice", "--skip-rejected", "--yes", "-q"}, 80);
  EXPECT_EQ(import->Wait(), 1);
  EXPECT_EQ(import->output(), "");
  const auto again = AtTerminal({"-q", "import", file, "--organization", "practice"}, 80);
  EXPECT_EQ(again->Wait(), 2);
  EXPECT_THAT(again->output(), HasSubstr("exists already"));
}

TEST_F(CliTerminalTest, VerboseTellsHowItGoes) {
  const auto import = AtTerminal(
      {"import", WriteFileOf(1), "--organization", "practice", "--skip-rejected", "--yes", "-v"},
      200);
  EXPECT_EQ(import->Wait(), 1);
  EXPECT_THAT(import->output(), AllOf(HasSubstr("Attempt 1 of session "), HasSubstr("to check"),
                                      HasSubstr("rows and"), HasSubstr("rows a second")));
}

}  // namespace
}  // namespace provisioning
