// SPDX-License-Identifier: Apache-2.0
// What people and systems do to an import that runs: Ctrl-C, a terminal that is
// closed, a disk that fills, a second process.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/generated_import.h"
#include "tests/support/cutting_proxy.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class StoppedImportTest : public GeneratedImport {
 protected:
  StoppedImportTest() {
    WriteRows();
    StartServer();
  }

  // Runs the printed command, which completes the import.
  void Resume(const std::string& log, const std::string& more = "") {
    const std::string command = ResumeCommandIn(log);
    ASSERT_NE(command, "") << log;
    const auto client = Shell(command + more);
    ASSERT_EQ(Wait(*client), 0) << client->log();
    ExpectWhole();
  }
  // `provision import` for a shell, with `input` and these flags.
  std::string Import(const std::string& input, const std::string& more = "") const {
    return absl::StrCat("provision import ", input,
                        " --organization practice --generate-passwords --plaintext --server ",
                        address_, " ", more);
  }
  // Of the program under test, wherever it is.
  std::unique_ptr<ServerProcess> StartShell(const std::string& script) const {
    const std::string program = provision_program();
    const std::string folder = program.substr(0, program.rfind('/'));
    return std::make_unique<ServerProcess>(std::vector<std::string>{
        "/bin/sh", "-c", "PATH='" + folder + "':$PATH; export PATH; " + script});
  }
};

// Until the shell has become the program, and that has its handlers in place.
void WaitForHandlers(ServerProcess& process) {
  const std::string path = "/proc/" + std::to_string(process.id()) + "/status";
  while (!process.Wait(absl::Milliseconds(1))) {
    const std::string status = ReadFile(path);
    if (!status.starts_with("Name:\tprovision\n")) continue;
    const std::size_t place = status.find("SigCgt:");
    if (place == std::string::npos) continue;
    const unsigned long long caught = std::strtoull(status.c_str() + place + 7, nullptr, 16);
    if ((caught >> (SIGINT - 1)) % 2 == 1) return;
  }
}

class StopSignalTest : public StoppedImportTest, public testing::WithParamInterface<int> {};

TEST_P(StopSignalTest, OnceTakesWhatIsUnderWayAndThePrintedCommandGoesOn) {
  // What is under way is less than the file, and no more comes while it is held.
  CuttingProxy proxy(address_);
  const auto client = StartImport({"--server", proxy.address()});
  ASSERT_TRUE(WaitForResults(*client, 1'000)) << client->log();
  proxy.Hold(true);
  client->Signal(GetParam());
  ASSERT_TRUE(client->WaitForLog("Stopping")) << client->log();
  proxy.Hold(false);
  ASSERT_EQ(Wait(*client), 130) << client->log();
  EXPECT_THAT(client->log(), AllOf(HasSubstr("Stopping"), HasSubstr("To go on:")));
  const Record record = ReadRecord();
  EXPECT_FALSE(record.complete);
  EXPECT_EQ(std::ssize(ResultLines(results_path_)), record.settled_through_row)
      << "what was under way was waited for";
  Resume(client->log());
}

INSTANTIATE_TEST_SUITE_P(All, StopSignalTest, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& info) { return std::string(sigabbrev_np(info.param)); });

TEST_F(StoppedImportTest, TheSecondCtrlCQuitsAtOnce) {
  CuttingProxy proxy(address_);
  const auto client = StartImport({"--server", proxy.address()});
  ASSERT_TRUE(WaitForResults(*client, rows_ * 20)) << client->log();
  proxy.Hold(true);
  client->Signal(SIGINT);
  ASSERT_TRUE(client->WaitForLog("Stopping")) << client->log();
  client->Signal(SIGINT);
  // The first one alone would wait for ten seconds.
  ASSERT_EQ(client->Wait(absl::Seconds(5)), 130) << client->log();
  proxy.Hold(false);
  Resume(client->log());
}

TEST_F(StoppedImportTest, CtrlCEndsTheCheckAndNothingIsLeft) {
  CuttingProxy proxy(address_);
  const auto client = StartImport({"--server", proxy.address()});
  while (proxy.bytes_to_server() < CuttingProxy::planned_bytes_min) {
    ASSERT_EQ(client->Wait(absl::Milliseconds(1)), std::nullopt) << client->log();
  }
  proxy.Hold(true);
  client->Signal(SIGINT);
  ASSERT_TRUE(client->WaitForLog("Stopping")) << client->log();
  proxy.Hold(false);
  ASSERT_EQ(Wait(*client), 130) << client->log();
  EXPECT_THAT(client->log(), AllOf(HasSubstr("Nothing was imported"), Not(HasSubstr("--resume"))));
  EXPECT_FALSE(std::filesystem::exists(results_path_));
  EXPECT_EQ(ReadRecord().streams, 0);
}

TEST_F(StoppedImportTest, CtrlCEndsTheWaitForTheServer) {
  const auto client = StartImport();
  ASSERT_TRUE(WaitForResults(*client, 1'000)) << client->log();
  server_->Kill();
  ASSERT_TRUE(client->WaitForLog("Trying again")) << client->log();
  client->Signal(SIGINT);
  ASSERT_EQ(client->Wait(absl::Seconds(5)), 130) << client->log();
  StartServer();
  Resume(client->log());
}

TEST_F(StoppedImportTest, CtrlCEndsTheReadingOfAPipe) {
  const std::string pipe = folder_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  // Open at both ends, so that it neither begins nor ends.
  const int both_ends = open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(both_ends, 0);
  for (const std::string& input : {pipe, "- --results r.csv <" + pipe}) {
    const auto client = StartShell("exec " + Import(input));
    WaitForHandlers(*client);
    client->Signal(SIGINT);
    EXPECT_EQ(client->Wait(absl::Seconds(5)), 130) << client->log();
    EXPECT_THAT(client->log(), HasSubstr("Stopped."));
  }
  close(both_ends);
}

TEST_F(StoppedImportTest, CtrlCAnswersTheQuestion) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(grantpt(terminal), 0);
  ASSERT_EQ(unlockpt(terminal), 0);
  const std::string name = ptsname(terminal);
  const auto client = StartShell("exec " + Import(file_) + " <" + name + " 2>" + name);
  std::string seen;
  char bytes[4096];
  while (seen.find("[y/N]") == std::string::npos) {
    const ssize_t count = read(terminal, bytes, sizeof(bytes));
    ASSERT_GT(count, 0) << seen;
    seen.append(bytes, static_cast<std::size_t>(count));
  }
  client->Signal(SIGINT);
  EXPECT_EQ(client->Wait(absl::Seconds(5)), 130) << seen;
  EXPECT_FALSE(std::filesystem::exists(results_path_));
  EXPECT_EQ(ReadRecord().streams, 0);
  close(terminal);
}

TEST_F(StoppedImportTest, ASecondProcessOnTheSameResultsIsTurnedAway) {
  CuttingProxy proxy(address_);
  const auto first = StartImport({"--server", proxy.address()});
  ASSERT_TRUE(WaitForResults(*first, rows_ * 20)) << first->log();
  proxy.Hold(true);
  const std::string results = ReadFile(results_path_);
  const auto second = Shell(ResumeCommandIn(first->log()));
  EXPECT_EQ(Wait(*second), 2) << second->log();
  EXPECT_THAT(second->log(), AllOf(HasSubstr(results_path_), HasSubstr("another provision")));
  EXPECT_TRUE(ReadFile(results_path_).starts_with(results)) << "it was cut";
  proxy.Hold(false);
  EXPECT_EQ(Wait(*first), 0) << first->log();
  ExpectWhole();
}

// Two processes that do not see each other's files: the later one goes on.
TEST_F(StoppedImportTest, WhoIsTakenOverIsToldToLeaveItAlone) {
  CuttingProxy proxy(address_);
  const auto first = StartImport({"--server", proxy.address()});
  ASSERT_TRUE(WaitForResults(*first, rows_ * 20)) << first->log();
  proxy.Hold(true);
  const std::string elsewhere = folder_.File("elsewhere.csv");
  std::string command = ResumeCommandIn(first->log());
  command.replace(command.find(" --resume"), 9, " --yes --results " + elsewhere);
  command.replace(command.find(proxy.address()), proxy.address().size(), address_);
  const auto second = Shell(command);
  ASSERT_TRUE(second->WaitForLog("has been under way before")) << second->log();
  proxy.Hold(false);
  EXPECT_EQ(Wait(*first), 6) << first->log();
  const std::string end = first->log().substr(first->log().find("provision: "));
  EXPECT_THAT(end, AllOf(HasSubstr("another process"), Not(HasSubstr("--resume")),
                         Not(HasSubstr("To go on"))));
  EXPECT_EQ(Wait(*second), 0) << second->log();
  EXPECT_EQ(std::ssize(ResultLines(elsewhere)), rows_);
}

TEST_F(StoppedImportTest, StandardInputIsGivenAgain) {
  const std::string results = "--results " + results_path_ + " --yes <";
  const auto client = StartShell("exec " + Import("-", results + file_));
  ASSERT_TRUE(WaitForResults(*client, rows_ * 20)) << client->log();
  client->Kill();
  EXPECT_THAT(client->log(), HasSubstr("given the same data on standard input again"));
  const std::string command = ResumeCommandIn(client->log());
  ASSERT_NE(command, "");
  const std::string other = folder_.File("other.csv");
  WriteFile(other, ReadFile(file_) + "more@practice.example,A,B,,\n");
  const auto wrong = StartShell("exec " + command + " <" + other);
  EXPECT_EQ(Wait(*wrong), 2) << wrong->log();
  EXPECT_THAT(wrong->log(), AllOf(HasSubstr("standard input"), HasSubstr("SHA-256")));
  const auto right = StartShell("exec " + command + " <" + file_);
  EXPECT_EQ(Wait(*right), 0) << right->log();
  ExpectWhole();
}

TEST_F(StoppedImportTest, OptionsThatDifferAreNamedBeforeAnythingElse) {
  const auto client = StartImport();
  ASSERT_TRUE(WaitForResults(*client, rows_ * 20)) << client->log();
  client->Kill();
  const auto other = Shell(ResumeCommandIn(client->log()) + " --ttl 3d --existing reissue");
  EXPECT_EQ(Wait(*other), 2) << other->log();
  EXPECT_THAT(other->log(), AllOf(HasSubstr("--ttl: was 7d, now 3d"),
                                  HasSubstr("--existing: was report, now reissue"),
                                  Not(HasSubstr("--resume")), Not(HasSubstr("SHA-256"))));
  Resume(client->log());
}

TEST_F(StoppedImportTest, AFullDiskBreaksOffAndTheCommandGoesOn) {
  // 51,200 bytes at most for any file that it writes.
  const auto client = StartShell("ulimit -f 100; exec " + Import(file_, "--yes"));
  EXPECT_EQ(Wait(*client), 6) << client->log();
  EXPECT_THAT(client->log(), AllOf(HasSubstr("clients.csv.results.csv: File too large"),
                                   HasSubstr("Make room"), HasSubstr("To go on:")));
  EXPECT_LE(ResultsBytes(), 51'200);
  const std::string command = ResumeCommandIn(client->log());
  const auto again = StartShell("exec " + command);
  EXPECT_EQ(Wait(*again), 0) << again->log();
  EXPECT_THAT(again->log(), HasSubstr("The server had settled rows"));
  ExpectWhole();
}

TEST_F(StoppedImportTest, AClosedOutputBreaksOffAndTheCommandGoesOn) {
  const std::string log = folder_.File("log");
  const std::string code = folder_.File("code");
  const auto shell = StartShell("{ " + Import(file_, "--yes --json 2>" + log) + "; echo $? >" +
                                code + "; } | head -n 1");
  EXPECT_EQ(Wait(*shell), 0);
  EXPECT_EQ(ReadFile(code), "6\n") << ReadFile(log);
  EXPECT_THAT(ReadFile(log), AllOf(HasSubstr("standard output"), HasSubstr(results_path_),
                                   HasSubstr("To go on:")));
  const auto again = StartShell("exec " + ResumeCommandIn(ReadFile(log)) + " >/dev/null");
  EXPECT_EQ(Wait(*again), 0) << again->log();
  ExpectWhole();
}

TEST_F(StoppedImportTest, ResultsThatSomebodyDeletesArePutBack) {
  CuttingProxy proxy(address_);
  const auto client = StartImport({"--server", proxy.address()});
  ASSERT_TRUE(WaitForResults(*client, rows_ * 20)) << client->log();
  std::filesystem::remove(results_path_);
  EXPECT_EQ(Wait(*client), 0) << client->log();
  ExpectWhole();
}

}  // namespace
}  // namespace provisioning
