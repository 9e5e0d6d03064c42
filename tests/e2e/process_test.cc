// SPDX-License-Identifier: Apache-2.0
// What provisiond is as a process: what ends it, what it tells who mistypes, and that
// its memory gets into no file.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/listening/descriptor.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/poll_until.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr uid_t nobody = 65534;

// Of /proc/ID/NAME.
std::string ProcessFile(pid_t id, const std::string& name) {
  std::ifstream file(absl::StrCat("/proc/", id, "/", name));
  return {std::istreambuf_iterator<char>(file), {}};
}

// The kernel gives the files of a process that may not be dumped to root.
std::optional<uid_t> OwnerOfProcess(pid_t id) {
  struct stat status {};
  if (stat(absl::StrCat("/proc/", id, "/environ").c_str(), &status) != 0) return std::nullopt;
  return status.st_uid;
}

class ProcessTest : public ProvisiondFixture {
 protected:
  // The command under another user than root, for whom root's right to read anything
  // does not hide what is to be seen.
  std::vector<std::string> AsNobody(const std::vector<std::string>& command) const {
    if (geteuid() != 0) return command;
    std::vector<std::string> whole = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                      "--clear-groups"};
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
  }
  static uid_t UserOfNobody() { return geteuid() == 0 ? nobody : geteuid(); }
};

TEST_F(ProcessTest, HangUpDrainsIt) {
  RawImportCall call(channel());
  call.Send(StartMessage());
  call.Send(RowsMessage(1, 10));
  ASSERT_TRUE(call.WaitForResults(10));
  server().Signal(SIGHUP);
  EXPECT_EQ(server().Wait(), 0);
  EXPECT_EQ(ReadRpcError(call.Wait()).Name(), "UNAVAILABLE DRAINING");
  EXPECT_THAT(server().log(), HasSubstr("stopped"));
}

TEST_F(ProcessTest, HangUpThatIsIgnoredStopsNothing) {
  SetServeCommand({"/usr/bin/nohup", PROVISIOND_PROGRAM, "serve", "--insecure-loopback"});
  EXPECT_NE(address(), "");
  server().Signal(SIGHUP);
  EXPECT_TRUE(Import({StartMessage(), RowsMessage(1, 3), EndMessage()})->Wait().ok());
  EXPECT_EQ(server().Terminate(), 0);
}

// Only a server has something to do first.
TEST_F(ProcessTest, OtherCommandsEndAtASignal) {
  const Descriptor silent(ListenOnLoopback());
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto migrate = Run(
        {"migrate", "--store", "postgresql://somebody@" + AddressOf(silent.number()) + "/clients"});
    const Descriptor connection(AcceptFrom(silent.number()));
    migrate->Signal(signal);
    EXPECT_EQ(migrate->Wait(absl::Seconds(5)), -signal) << migrate->log();
  }
}

TEST_F(ProcessTest, UsageErrorsAreOneLineAndExitCodeTwo) {
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"sevre"},
      {"serve"},
      {"serve", "--listen"},
      {"serve", "--listen", "127.0.0.1:0", "--store", "sqlite:x", "--hash-threads", "many"},
      {"serve", "--listen", "127.0.0.1:0", "--store", "sqlite:x", "--keepalive-time", "0"},
      {"serve", "--no-such-flag"},
      {"backup"}};
  for (const auto& arguments : lines) {
    const auto process = Run(arguments);
    EXPECT_EQ(process->Wait(), 2);
    EXPECT_THAT(process->log(),
                MatchesRegex("provisiond[a-z ]*: [^\n]+; see provisiond[^\n]* --help\n"));
  }
  for (const char* flag : {"--help", "--version"}) EXPECT_EQ(Run({flag})->Wait(), 0);
}

TEST_F(ProcessTest, CoreFilesHaveNoRoom) {
  EXPECT_NE(address(), "");
  EXPECT_THAT(ProcessFile(server().id(), "limits"),
              testing::ContainsRegex("Max core file size +0 +0 "));
}

// A handler in /proc/sys/kernel/core_pattern does not ask for that limit.
TEST_F(ProcessTest, ItCannotBeDumped) {
  // A copy: the build may stand where only its owner gets to.
  const TempFolder folder;
  ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
  const std::string program = folder.File("provisiond");
  std::filesystem::copy_file(PROVISIOND_PROGRAM, program);
  ServerProcess process(AsNobody({program, "serve", "--listen", "127.0.0.1:0", "--store",
                                  "sqlite:" + folder.File("clients.db"), "--insecure-loopback"}));
  ASSERT_NE(process.WaitForAddress(), "") << process.log();
  EXPECT_EQ(OwnerOfProcess(process.id()), 0U);
  // Any other program's are its user's.
  ServerProcess other(AsNobody({"/bin/sleep", "1000"}));
  EXPECT_TRUE(PollUntil([&] { return OwnerOfProcess(other.id()) == UserOfNobody(); }))
      << "the check sees nothing";
}

TEST_F(ProcessTest, WhatIsLoggedIsOneLine) {
  const auto process =
      Run({"serve", "--listen", "a\n2026-01-01T00:00:00.000Z info all is well\x1b[2J", "--store",
           "sqlite:" + database_path(), "--insecure-loopback"});
  EXPECT_NE(process->Wait(), 0);
  EXPECT_THAT(process->log(), HasSubstr("a\\n2026-01-01T00:00:00.000Z info all is well\\x1b[2J"));
}

}  // namespace
}  // namespace provisioning
