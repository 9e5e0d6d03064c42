// SPDX-License-Identifier: Apache-2.0
// More connections than there are descriptors: a server that may have 256 of them,
// and 5,000 connections. The check first sees gRPC's own listener fail.

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

constexpr int connections = 5000;
constexpr int connections_per_process = 500;
// Who does not answer in this time does not answer at all.
constexpr absl::Duration answer_max = absl::Seconds(10);
// What is promised; a machine that others use, and sanitizers, may need more.
#if !defined(__SANITIZE_ADDRESS__)
constexpr absl::Duration promised_max = absl::Seconds(2);
#else
constexpr absl::Duration promised_max = answer_max;
#endif

class DescriptorsTest : public ProvisiondFixture {
 protected:
  // With 256 descriptors, and no way to more.
  void Serve(const std::vector<std::string>& command) {
    std::vector<std::string> limited = {"/bin/sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"};
    limited.insert(limited.end(), command.begin(), command.end());
    SetServeCommand(limited);
  }
  // The connections come, stay until all are there, and go.
  void Flood() {
    std::vector<std::unique_ptr<ServerProcess>> holders;
    for (int held = 0; held < connections; held += connections_per_process) {
      holders.push_back(std::make_unique<ServerProcess>(
          std::vector<std::string>{HOSTILE_PEER_PROGRAM, "hold", address(), "--count",
                                   std::to_string(connections_per_process)}));
    }
    for (const auto& holder : holders) EXPECT_TRUE(holder->WaitForLog("holding "));
    for (const auto& holder : holders) EXPECT_THAT(holder->log(), HasSubstr("holding 500"));
    for (const auto& holder : holders) holder->Kill();
  }
  // How long a new caller waits for its answer; nothing: too long.
  std::optional<absl::Duration> TimeToAnswer() {
    const absl::Time begin = absl::Now();
    while (absl::Now() - begin < answer_max) {
      RawImportCall call(NewChannel(), {.deadline = answer_max});
      for (const auto& message : {StartMessage(), RowsMessage(1, 3), EndMessage()}) {
        call.Send(message);
      }
      call.Close();
      if (call.Wait().ok()) return absl::Now() - begin;
    }
    return std::nullopt;
  }
};

TEST_F(DescriptorsTest, GrpcsOwnListenerNeverAnswersAgain) {
  Serve({TWIN_PROGRAM, "no-accept-loop"});
  ASSERT_TRUE(TimeToAnswer().has_value());
  Flood();
  EXPECT_EQ(TimeToAnswer(), std::nullopt) << "the check catches nothing";
}

TEST_F(DescriptorsTest, OursAnswersAtOnce) {
  Serve({PROVISIOND_PROGRAM, "serve", "--insecure-loopback"});
  ASSERT_TRUE(TimeToAnswer().has_value());
  EXPECT_THAT(server().log(), HasSubstr("the limit of open files leaves room for"));
  Flood();
  const auto time = TimeToAnswer();
  ASSERT_TRUE(time.has_value());
  std::printf("answered %s after %d connections had gone\n", absl::FormatDuration(*time).c_str(),
              connections);
  EXPECT_LE(*time, promised_max);
  EXPECT_THAT(server().log(), HasSubstr("too many connections"));
}

// Somebody else's connections are not in the way of who has one.
TEST_F(DescriptorsTest, WhoIsConnectedIsServedMeanwhile) {
  SetServeCommand({PROVISIOND_PROGRAM, "serve", "--insecure-loopback", "--connections-max", "20"});
  EXPECT_TRUE(Import({StartMessage(), RowsMessage(1, 3), EndMessage()})->Wait().ok());
  ServerProcess holder({HOSTILE_PEER_PROGRAM, "hold", address(), "--count", "500"});
  EXPECT_TRUE(holder.WaitForLog("holding 500"));
  EXPECT_TRUE(server().WaitForLog("too many connections (20): new ones are refused"));
  EXPECT_TRUE(Import({StartMessage(), RowsMessage(4, 6), EndMessage()})->Wait().ok());
}

}  // namespace
}  // namespace provisioning
