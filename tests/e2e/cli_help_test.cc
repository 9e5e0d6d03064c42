// SPDX-License-Identifier: Apache-2.0
// What provision says of itself: help with examples that run, completion, manual.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "client/help/command_words.h"
#include "client/help/usage_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provision_fixture.h"
#include "tests/support/terminal_process.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char example_import[] = "01a20d0f-b0a9-7e39-807c-1404efe69764";
constexpr char columns[] = "email_address,initial_password,first_name,last_name\n";

class CliHelpTest : public ProvisionFixture {
 protected:
  Ran Shell(const std::string& shell, const std::string& command) {
    const std::string programs = std::filesystem::path(PROVISION_PROGRAM).parent_path();
    ServerProcess process(
        {"/usr/bin/env", shell, "-c",
         "cd '" + folder_.File("") + "'; export PATH='" + programs + "':\"$PATH\"; " + command},
        {"PROVISION_SERVER=" + address_, "PROVISION_PLAINTEXT=1", "LANG=C.UTF-8"});
    const int exit_code = process.Wait(absl::Minutes(2)).value_or(-1);
    return {exit_code, process.log()};
  }
  bool Has(const std::string& program) {
    if (Shell("sh", "command -v " + program).exit_code == 0) return true;
    std::printf("LEFT OUT: there is no %s on this machine\n", program.c_str());
    return false;
  }
  std::vector<std::string> Lines(const std::string& text) {
    return absl::StrSplit(text, '\n', absl::SkipEmpty());
  }
};

// Each example finds the files that it names, and what it says of a client and
// an import is there.
TEST_F(CliHelpTest, EveryExampleRuns) {
  StartServer();
  const std::string clients =
      std::string(columns) + "ada.lund@example.com,blue heron 17,Ada,Lund\n";
  const std::string mixed = clients + "Bo@example.com,blue heron 18,Bo,Strand\n";
  const auto clean = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.File(""))) {
      if (entry.path().extension() != ".db" &&
          entry.path().string().find("clients.db") == std::string::npos) {
        std::filesystem::remove_all(entry.path());
      }
    }
    WriteFile(folder_.File("clients.csv"), clients);
    WriteFile(folder_.File("mixed.csv"), mixed);
    WriteFile(folder_.File("passwords.txt"), "blue heron 17\nlantern over the harbour\n");
    WriteFile(folder_.File("password.txt"), "lantern over the harbour\n");
  };
  for (const std::string organization : {"practice-one", "practice-two"}) {
    clean();
    const Ran first =
        Shell("sh", "provision import clients.csv --organization " + organization +
                        " --generate-passwords --quiet --import-id " + std::string(example_import));
    ASSERT_EQ(first.exit_code, 0) << first.log;
  }
  int ran = 0;
  for (const CommandWords& words : AllCommandWords()) {
    for (const CommandExample& example : words.examples) {
      clean();
      if (example.command.find("template clients.csv") != std::string::npos) {
        std::filesystem::remove(folder_.File("clients.csv"));
      }
      if (example.command.find("--resume") != std::string::npos) {
        WriteFile(folder_.File("clients.csv.results.csv"),
                  "row_number,outcome,email_address,first_name,last_name,temporary_password,"
                  "password_expires_at,client_id,first_row_number,replayed,violations,warnings\n");
      }
      const Ran result = Shell("bash", std::string(example.command));
      EXPECT_EQ(result.exit_code, example.exit_code) << example.command << "\n" << result.log;
      ++ran;
    }
  }
  EXPECT_GT(ran, 20);
}

TEST_F(CliHelpTest, EveryCommandHasHelpThatFits80Columns) {
  for (const CommandWords& words : AllCommandWords()) {
    std::vector<std::string> command = {PROVISION_PROGRAM};
    for (absl::string_view word : absl::StrSplit(
             absl::string_view(words.name.data(), words.name.size()), ' ', absl::SkipEmpty())) {
      command.emplace_back(word);
    }
    command.push_back("--help");
    TerminalProcess help(command, {"TERM=xterm"}, 80);
    EXPECT_EQ(help.Wait(), 0) << words.name;
    EXPECT_THAT(help.output(), AllOf(HasSubstr("Usage: provision"), HasSubstr("Exit codes:"),
                                     HasSubstr("--quiet")));
    for (const std::string& line : help.DrawnLines()) {
      const bool example = line.starts_with("    ") && line.find("provision ") != std::string::npos;
      EXPECT_TRUE(example || line.size() <= 80u) << words.name << ": " << line;
    }
  }
}

TEST(ClosestWordTest, FindsWhatWasMeant) {
  const std::vector<std::string> words = {"import", "imports", "clients", "health", "--email"};
  EXPECT_EQ(ClosestWord("imprt", words), "import");
  EXPECT_EQ(ClosestWord("ipmort", words), "import");
  EXPECT_EQ(ClosestWord("client", words), "clients");
  EXPECT_EQ(ClosestWord("--emial", words), "--email");
  EXPECT_EQ(ClosestWord("frobnicate", words), "");
  EXPECT_EQ(ClosestWord("", words), "");
}

TEST_F(CliHelpTest, AnswersAMisspeltWordWithTheOneThatWasMeant) {
  struct Case {
    std::vector<std::string> words;
    const char* says;
  };
  for (const Case& c : std::vector<Case>{
           {{"imprt", "f.csv"}, "Did you mean \"import\"?"},
           {{"clients", "lsit"}, "Did you mean \"list\"?"},
           {{"import", "f.csv", "--organisation", "x"}, "Did you mean \"--organization\"?"},
           {{"import", "f.csv", "--existing=updat"}, "Did you mean \"update\"?"},
           {{"validate", "my", "file.csv"}, "needs quotes"},
           {{"import", "f.csv", "--ttl"}, "--ttl needs a value"},
           {{"help", "imprt"}, "Did you mean \"import\"?"}}) {
    const Ran ran = Run(c.words);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.log, AllOf(HasSubstr(c.says), HasSubstr("--help")));
  }
}

TEST_F(CliHelpTest, BashCompletes) {
  struct Case {
    const char* words;  // The last one is completed.
    std::vector<std::string> offers;
  };
  WriteFile(folder_.File("my clients.csv"), "");
  for (const Case& c : std::vector<Case>{
           {"imp", {"import", "imports"}},
           {"clients ''", {"list", "show", "create", "activate", "verify", "reissue", "delete"}},
           {"imports r", {"revert"}},
           {"clients verify --passwords-file my", {"my clients.csv"}},
           {"import --exis", {"--existing"}},
           {"import f --existing ''", {"report", "update", "reissue"}},
           {"import f --existing = up", {"update"}},
           {"import --results my", {"my clients.csv"}},
           {"import my", {"my clients.csv"}},
           {"completion z", {"zsh"}},
           {"-q clients list --state p", {"pending"}}}) {
    const Ran ran = Shell("bash", "eval \"$(provision completion bash)\"; COMP_WORDS=(provision " +
                                      std::string(c.words) +
                                      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _provision; "
                                      "printf '%s\\n' \"${COMPREPLY[@]}\"");
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_THAT(Lines(ran.log), testing::UnorderedElementsAreArray(c.offers)) << c.words;
  }
}

TEST_F(CliHelpTest, FishCompletes) {
  if (!Has("fish")) GTEST_SKIP();
  struct Case {
    const char* line;
    std::vector<std::string> offers;
  };
  WriteFile(folder_.File("people.csv"), "");
  for (const Case& c : std::vector<Case>{
           {"imp", {"import", "imports"}},
           {"clients ", {"list", "show", "create", "activate", "verify", "reissue", "delete"}},
           {"import --exis", {"--existing"}},
           {"import f --existing ", {"report", "update", "reissue"}},
           {"import --results peo", {"people.csv"}},
           {"import peo", {"people.csv"}},
           {"completion z", {"zsh"}}}) {
    const Ran ran = Shell("fish", "provision completion fish | source; complete -C 'provision " +
                                      std::string(c.line) + "' | string replace -r '\\t.*' ''");
    EXPECT_THAT(Lines(ran.log), testing::UnorderedElementsAreArray(c.offers)) << c.line;
  }
}

TEST_F(CliHelpTest, ZshCompletes) {
  if (!Has("zsh")) GTEST_SKIP();
  const std::string programs = std::filesystem::path(PROVISION_PROGRAM).parent_path();
  const std::string folder = folder_.File("");
  WriteFile(folder_.File("people.csv"), "");
  TerminalProcess zsh({"zsh", "-f", "-i"}, {"TERM=xterm", "LANG=C.UTF-8"}, 100);
  zsh.Type("cd '" + folder + "'; PS1='> '; export PATH='" + programs +
           "':$PATH; autoload -Uz compinit; compinit -u -D; "
           "provision completion zsh > _p && source ./_p && echo rea''dy\r");
  ASSERT_TRUE(zsh.WaitFor("ready")) << zsh.output();
  struct Case {
    const char* typed;
    const char* rest;  // What the shell puts behind it.
  };
  for (const Case& c :
       {Case{"provision vali", "date"}, Case{"provision clients sh", "ow"},
        Case{"provision import --exis", "ting"}, Case{"provision import f --existing up", "date"},
        Case{"provision import peo", "ple.csv"}, Case{"provision completion fi", "sh"}}) {
    zsh.Type(std::string(c.typed) + "\t");
    ASSERT_TRUE(zsh.WaitFor(c.rest)) << c.typed << "\n" << zsh.output();
    zsh.Type("\x15");
  }
}

TEST_F(CliHelpTest, TheManualPageHasNothingToWarnOf) {
  const Ran page = Run({"man"});
  EXPECT_THAT(page.log, AllOf(HasSubstr(".SH EXIT STATUS"), HasSubstr(".SH ENVIRONMENT"),
                              HasSubstr("PROVISION_SERVER"), HasSubstr("generate\\-passwords")));
  if (!Has("groff")) GTEST_SKIP();
  const Ran warnings = Shell("sh", "provision man | groff -man -ww -Kutf8 -Tutf8 2>&1 >/dev/null");
  EXPECT_EQ(warnings.log, "");
}

}  // namespace
}  // namespace provisioning
