// SPDX-License-Identifier: Apache-2.0
// More connections than there are descriptors: a server that may have 256 of them,
// and 5,000 connections, to either of its ports. The check first sees gRPC's own
// listener fail.

#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "service/listening/descriptor.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/listener_addresses.h"
#include "tests/support/tcp_socket.h"

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
  using Holders = std::vector<std::unique_ptr<ServerProcess>>;

  void ServeOurs(const std::vector<std::string>& flags) {
    std::vector<std::string> command = {PROVISIOND_PROGRAM, "serve", "--insecure-loopback"};
    command.insert(command.end(), flags.begin(), flags.end());
    Serve(command);
  }
  std::string health_address() {
    EXPECT_NE(address(), "");  // Of the last line of those.
    return HealthAddressIn(server().log());
  }
  // Connections to `target` that stay for as long as it is kept. A listener that is
  // dead does not even let all of them wait.
  static Holders Flood(const std::string& target) {
    Holders holders;
    for (int held = 0; held < connections; held += connections_per_process) {
      holders.push_back(std::make_unique<ServerProcess>(
          std::vector<std::string>{HOSTILE_PEER_PROGRAM, "hold", target, "--count",
                                   std::to_string(connections_per_process)}));
    }
    for (const auto& holder : holders) EXPECT_TRUE(holder->WaitForLog("holding "));
    return holders;
  }
  static void ExpectAllGotIn(const Holders& holders) {
    for (const auto& holder : holders) EXPECT_THAT(holder->log(), HasSubstr("holding 500"));
  }
  // How long a probe over a new connection waits for its answer; nothing: too long.
  std::optional<absl::Duration> TimeToProbe() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const absl::Time begin = absl::Now();
    while (absl::Now() - begin < answer_max) {
      const auto stub = grpc::health::v1::Health::NewStub(grpc::CreateCustomChannel(
          health_address(), grpc::InsecureChannelCredentials(), arguments));
      grpc::ClientContext context;
      grpc::health::v1::HealthCheckResponse response;
      if (stub->Check(&context, {}, &response).ok()) return absl::Now() - begin;
    }
    return std::nullopt;
  }
  static void ExpectInTime(std::optional<absl::Duration> time, const char* what) {
    ASSERT_TRUE(time.has_value()) << what;
    std::printf("%s took %s\n", what, absl::FormatDuration(*time).c_str());
    EXPECT_LE(*time, promised_max) << what;
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
  Flood(address()).clear();
  EXPECT_EQ(TimeToAnswer(), std::nullopt) << "the check catches nothing";
}

TEST_F(DescriptorsTest, OursAnswersAtOnce) {
  ServeOurs({"--health-listen", "127.0.0.1:0"});
  ASSERT_TRUE(TimeToAnswer().has_value());
  EXPECT_THAT(server().log(), HasSubstr("the limit of open files leaves room for"));
  Holders holders = Flood(address());
  ExpectAllGotIn(holders);
  ExpectInTime(TimeToProbe(), "a probe while callers' places are taken");
  holders.clear();
  ExpectInTime(TimeToAnswer(), "an answer after 5,000 connections");
  EXPECT_THAT(server().log(), HasSubstr("--listen: too many connections"));
}

TEST_F(DescriptorsTest, ProbesPortIsNoBetterTarget) {
  ServeOurs({"--health-listen", "127.0.0.1:0"});
  ASSERT_TRUE(TimeToProbe().has_value());
  Holders holders = Flood(health_address());
  ExpectAllGotIn(holders);
  ExpectInTime(TimeToAnswer(), "an answer while probes' places are taken");
  holders.clear();
  ExpectInTime(TimeToProbe(), "a probe after 5,000 connections");
  EXPECT_THAT(server().log(), HasSubstr("--health-listen: too many connections (32)"));
}

// Silence holds a probe's place for two seconds.
TEST_F(DescriptorsTest, ProbesOutliveThoseWhoStay) {
  ServeOurs({"--health-listen", "127.0.0.1:0"});
  ASSERT_TRUE(TimeToProbe().has_value());
  const Holders holders = Flood(health_address());
  EXPECT_TRUE(TimeToProbe().has_value());
}

// To the last one; these sockets are of another process than the server.
TEST_F(DescriptorsTest, AsManyAsItMayHave) {
  for (const int connections_max : {1, 2, 5}) {
    SetServeCommand({PROVISIOND_PROGRAM, "serve", "--insecure-loopback", "--connections-max",
                     std::to_string(connections_max)});
    std::vector<Descriptor> peers;
    for (int i = 0; i < connections_max + 3; ++i) peers.emplace_back(ConnectTo(address()));
    int served = 0;
    for (const Descriptor& peer : peers) {
      char byte = 0;  // gRPC's SETTINGS begin with it.
      if (recv(peer.number(), &byte, 1, 0) == 1) ++served;
    }
    EXPECT_EQ(served, connections_max);
    server().Kill();
    Forget();
  }
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
