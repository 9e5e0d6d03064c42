// SPDX-License-Identifier: Apache-2.0
// provision-load as people run it: against a real provisiond, against one that
// lies, and against none.

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_folder.h"
#include "tests/support/terminal_process.h"

namespace provisioning {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using testing::HasSubstr;
using testing::Not;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class ProvisionLoadTest : public testing::Test {
 protected:
  struct Ran {
    int exit_code = -1;
    std::string log;  // stdout and stderr.
    Struct json;
    std::string html;
  };

  void StartServer() { Serve({PROVISIOND_PROGRAM, "serve", "--insecure-loopback"}); }
  void StartTwin(const std::string& twin) { Serve({TWIN_PROGRAM, twin}); }

  std::vector<std::string> Command(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {PROVISION_LOAD_PROGRAM,
                                        "--server",
                                        address_,
                                        "--plaintext",
                                        "--json",
                                        folder_.File("json"),
                                        "--html",
                                        folder_.File("html")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

  Ran Run(const std::vector<std::string>& arguments) {
    ServerProcess load(Command(arguments));
    const int exit_code = load.Wait(absl::Minutes(2)).value_or(-1);
    return Report(exit_code, load.log());
  }

  // Ten minutes of load, and Ctrl-C after a second.
  Ran RunInterrupted(const std::vector<std::string>& arguments) {
    StartServer();
    std::vector<std::string> command = Command({"--rate", "1000", "--duration", "10m"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    TerminalProcess load(command, {"TERM=xterm"}, 100);
    EXPECT_TRUE(load.WaitFor("\r\033[K1.")) << load.output();
    load.Type("\x03");
    const int exit_code = load.Wait().value_or(-1);
    return Report(exit_code, load.output());
  }

  Ran Report(int exit_code, const std::string& log) {
    Ran ran{exit_code, log, {}, ReadFile(folder_.File("html"))};
    const std::string json = ReadFile(folder_.File("json"));
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &ran.json).ok()) << json;
    return ran;
  }

  // The member of the member of the report; 0: there is none.
  static double Number(const Ran& ran, const std::string& object, const std::string& name) {
    const auto& fields = ran.json.fields();
    if (!fields.contains(object)) return 0;
    const auto& inner = fields.at(object).struct_value().fields();
    return inner.contains(name) ? inner.at(name).number_value() : 0;
  }

  std::string address_ = "127.0.0.1:1";
  std::unique_ptr<ServerProcess> server_;
  const TempFolder folder_;

 private:
  void Serve(std::vector<std::string> command) {
    command.insert(command.end(),
                   {"--listen", "127.0.0.1:0", "--store", "sqlite:" + folder_.File("clients.db")});
    server_ = std::make_unique<ServerProcess>(command);
    address_ = server_->WaitForAddress();
    ASSERT_FALSE(address_.empty()) << server_->log();
  }
};

TEST_F(ProvisionLoadTest, EveryKindOfRowGetsItsAnswer) {
  StartServer();
  const Ran ran = Run({"--rows",
                       "6000",
                       "--streams",
                       "6",
                       "--rows-per-stream",
                       "250",
                       "--rows-per-message",
                       "50",
                       "--organizations",
                       "3",
                       "--provided",
                       "0.01",
                       "--invalid",
                       "0.1",
                       "--duplicates",
                       "0.1",
                       "--existing",
                       "0.1",
                       "--replays",
                       "0.5",
                       "--objective",
                       "errors<=0%",
                       "--objective",
                       "p99<1m",
                       "--server-pid",
                       std::to_string(server_->id())});
  EXPECT_EQ(ran.exit_code, 0) << ran.log;
  for (const char* name : {"due", "sent", "answered"}) EXPECT_EQ(Number(ran, "rows", name), 6000);
  for (const char* name : {"wrong", "unknown", "unsent", "error_share"}) {
    EXPECT_EQ(Number(ran, "rows", name), 0) << name;
  }
  double outcomes = 0;
  for (const char* name : {"REJECTED", "DUPLICATE_ROW", "ALREADY_EXISTS", "CREATED"}) {
    EXPECT_GT(Number(ran, "outcomes", name), 0) << name;
    outcomes += Number(ran, "outcomes", name);
  }
  EXPECT_EQ(outcomes, 6000);
  EXPECT_EQ(Number(ran, "wrong_answers", "total"), 0);
  EXPECT_EQ(Number(ran, "streams", "ok"), 24);
  EXPECT_GT(Number(ran, "streams", "cut"), 0);
  EXPECT_EQ(Number(ran, "streams", "started"), 24 + Number(ran, "streams", "cut"));
  EXPECT_GT(Number(ran, "rows", "answered_twice"), 0);
  EXPECT_EQ(Number(ran, "latency", "count"), 6000);
  EXPECT_LE(Number(ran, "latency", "p50"), Number(ran, "latency", "max"));
  EXPECT_GT(Number(ran, "server_memory", "max"), 1 << 20);
  EXPECT_THAT(ran.log, HasSubstr("PASSED"));
  EXPECT_THAT(ran.html, HasSubstr("<svg"));
  EXPECT_THAT(ran.html, HasSubstr("memory over time"));
}

TEST_F(ProvisionLoadTest, AnOpenLoopKeepsItsSchedule) {
  StartServer();
  const Ran ran =
      Run({"--rate", "1500", "--arrivals", "poisson", "--duration", "2s", "--streams", "5",
           "--rows-per-stream", "200", "--replays", "0.2", "--objective", "errors<=0%"});
  EXPECT_EQ(ran.exit_code, 0) << ran.log;
  // Its standard deviation is 55.
  EXPECT_NEAR(Number(ran, "rows", "due"), 3000, 400);
  EXPECT_EQ(Number(ran, "rows", "answered"), Number(ran, "rows", "due"));
  EXPECT_GE(Number(ran, "latency", "mean"), Number(ran, "service_time", "mean"));
  EXPECT_EQ(Number(ran, "wrong_answers", "total"), 0);
}

TEST_F(ProvisionLoadTest, ValidationWritesNothing) {
  StartServer();
  const Ran ran = Run({"--validate-only", "--rows", "2000", "--streams", "2", "--invalid", "0.1",
                       "--duplicates", "0.1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.log;
  EXPECT_GT(Number(ran, "outcomes", "VALID"), 1000);
  EXPECT_EQ(Number(ran, "rows", "answered"), 2000);
}

TEST_F(ProvisionLoadTest, AnObjectiveThatIsMissedIsExitCodeOne) {
  StartServer();
  const Ran ran = Run(
      {"--rows", "100", "--streams", "1", "--objective", "p50<1us", "--objective", "rate>=0.1"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.log, HasSubstr("[MISSED] p50<1us"));
  EXPECT_THAT(ran.log, HasSubstr("[met] rate>=0.1"));
  EXPECT_THAT(ran.html, HasSubstr("objective p50&lt;1us missed"));
  EXPECT_FALSE(ran.json.fields().at("passed").bool_value());
}

TEST_F(ProvisionLoadTest, AServerThatSwapsResultsIsCaught) {
  StartTwin("reorder");
  // A message at least for each stream, and every tenth is spoilt.
  const Ran ran = Run({"--rows", "6000", "--streams", "4", "--rows-per-stream", "100",
                       "--objective", "errors<50%"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(Number(ran, "rows", "answered"), 6000);
  EXPECT_GT(Number(ran, "wrong_answers", "total"), 0);
  EXPECT_THAT(ran.log, HasSubstr("[row_order]"));
  EXPECT_THAT(ran.log, HasSubstr("wrong answer"));
}

TEST_F(ProvisionLoadTest, CtrlCEndsTheStreamsInOrderAndReports) {
  const Ran ran = RunInterrupted({"--streams", "4"});
  EXPECT_EQ(ran.exit_code, 0) << ran.log;
  EXPECT_TRUE(ran.json.fields().at("interrupted").bool_value());
  EXPECT_GT(Number(ran, "rows", "answered"), 0);
  EXPECT_EQ(Number(ran, "rows", "answered"), Number(ran, "rows", "due"));
  EXPECT_EQ(Number(ran, "streams", "ok"), Number(ran, "streams", "started"));
  EXPECT_EQ(Number(ran, "streams", "given_up"), 0);
}

TEST_F(ProvisionLoadTest, WhatWasInterruptedMeetsNoObjective) {
  const Ran ran = RunInterrupted({"--objective", "errors<1%"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.log, HasSubstr("FAILED: it was interrupted"));
}

TEST_F(ProvisionLoadTest, AServerThatDiesLeavesRowsUnknown) {
  StartServer();
  TerminalProcess load(
      Command({"--duration", "3s", "--streams", "4", "--rows-per-stream", "1000000"}),
      {"TERM=xterm"}, 100);
  ASSERT_TRUE(load.WaitFor("\r\033[K1.")) << load.output();
  server_->Kill();
  const int exit_code = load.Wait().value_or(-1);
  const Ran ran = Report(exit_code, load.output());
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.log, HasSubstr("[UNAVAILABLE]"));
  EXPECT_GT(Number(ran, "rows", "unknown"), 0);
  EXPECT_EQ(Number(ran, "rows", "answered") + Number(ran, "rows", "unknown"),
            Number(ran, "rows", "sent"));
  EXPECT_EQ(Number(ran, "wrong_answers", "total"), 0);
}

TEST(ProvisionLoadUsageTest, SaysWhatIsWrongBeforeItBegins) {
  struct Case {
    std::vector<std::string> arguments;
    int exit_code;
    const char* says;
  };
  const Case cases[] = {
      {{}, 2, "which server?"},
      {{"--server", "127.0.0.1:1", "--plaintext"}, 4, "cannot begin: 127.0.0.1:1"},
      {{"--server", "127.0.0.1:1", "--plaintext", "--objective", "p99>1s"}, 2, "from above"},
      {{"--server", "127.0.0.1:1", "--invalid", "0.6", "--duplicates", "0.6"}, 2, "more than all"},
      {{"--server", "127.0.0.1:1", "--invalid", "1.5"}, 2, "--invalid"},
      {{"--server", "127.0.0.1:1", "--provided", "nan"}, 2, "--provided"},
      {{"--server", "127.0.0.1:1", "--validate-only", "--replays", "1"}, 2, "--validate-only"},
      {{"--server", "127.0.0.1:1", "--arrivals", "poisson"}, 2, "needs --rate"},
      {{"--server", "127.0.0.1:1", "--duration", "soon"}, 2, "no duration"},
      {{"--server", "127.0.0.1:1", "--organization-prefix", "A"}, 2, "is no organization"},
      {{"--server", "127.0.0.1:1", "--seed", "x"}, 2, "--seed"},
      {{"--server", "127.0.0.1:1", "--objective", "rss<1GiB"}, 2, "needs --server-pid"},
      {{"--server", "127.0.0.1:1", "--plaintext", "--json", "/nowhere/x"}, 3, "/nowhere/x"},
      {{"--raet", "3"}, 2, "--rate"},
      {{"--help"}, 0, "--rows-per-stream N"},
  };
  for (const Case& c : cases) {
    std::vector<std::string> command = {PROVISION_LOAD_PROGRAM};
    command.insert(command.end(), c.arguments.begin(), c.arguments.end());
    ServerProcess load(command);
    EXPECT_EQ(load.Wait().value_or(-1), c.exit_code) << load.log();
    EXPECT_THAT(load.log(), HasSubstr(c.says));
  }
}

}  // namespace
}  // namespace provisioning
