// SPDX-License-Identifier: Apache-2.0
// Streams that nobody serves any more: a caller that was stopped and then killed,
// a peer from whom nothing comes and who has closed nothing, a reader that stops
// for ever. While they are there the others go on, nothing grows, and a newer
// stream has their import at once. A dead peer is found out by the server itself.

#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"
#include "tests/support/busy_stream.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/process_status.h"

namespace provisioning {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;
// What the others do meanwhile warms the writer's page cache of 64 MiB; the
// sanitizers make everything larger. A stream that is not held back brings
// hundreds.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::int64_t growth_bytes_max = 256 * mebibyte;
#else
constexpr std::int64_t growth_bytes_max = 128 * mebibyte;
#endif
// The others' rate beside the stream / the mean of those before and behind it.
// A stuck batch leaves nothing of it; beside noisy neighbours of the machine itself
// it was seen to fall to a fifth.
constexpr double rate_ratio_min = 0.05;
constexpr absl::Duration look = absl::Milliseconds(500);
constexpr int looks = 3;
// No message is taken for so long: none will be.
constexpr absl::Duration blocked = absl::Seconds(2);
// "At once": one claim, which waits for two transactions of the others.
constexpr absl::Duration takeover_max = absl::Seconds(3);
constexpr int keepalive_seconds = 1;
// Its time and its timeout, and something for a busy machine.
constexpr absl::Duration noticed_max = absl::Seconds(6);

// Open connections of a server, as the kernel on its side sees them.
int ConnectionsOf(const std::string& address) {
  constexpr unsigned established = 1;
  const auto port = static_cast<unsigned>(std::stoi(address.substr(address.rfind(':') + 1)));
  int count = 0;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      unsigned local_port = 0;
      unsigned state = 0;
      const bool is_one =
          std::sscanf(line.c_str(), " %*d: %*[^:]:%x %*[^:]:%*x %x", &local_port, &state) == 2;
      if (is_one && local_port == port && state == established) ++count;
    }
  }
  return count;
}

class AbandonedStreamTest : public ProvisiondFixture {
 protected:
  // Otherwise the memory that the sanitizer keeps back hides what is freed.
  AbandonedStreamTest() { AddEnvironment("ASAN_OPTIONS=quarantine_size_mb=4"); }

  void ServeTwin(const std::string& twin) { SetServeCommand({TWIN_PROGRAM, twin}); }
  void ServeWithShortKeepalive() {
    const std::string seconds = std::to_string(keepalive_seconds);
    SetServeCommand({PROVISIOND_PROGRAM, "serve", "--insecure-loopback", "--keepalive-time",
                     seconds, "--keepalive-timeout", seconds});
  }
  // Behind a twin.
  void ServeAnew() {
    server().Kill();
    Forget();
    ServeWithShortKeepalive();
    SetDatabasePath(database_path() + ".real");
  }

  // The server runs on for so long.
  void Pass(absl::Duration time) { EXPECT_EQ(server().Wait(time), std::nullopt); }

  // Another organization's stream, which is there all the time.
  void StartOthers() {
    ExpectStoreIsFree();
    others_ = std::make_unique<BusyStream>(NewChannel(),
                                           BusyStream::Options{.organization_id = "others"});
    EXPECT_TRUE(others_->WaitForAnswers(20'000));
    rate_before_ = OthersRate();
    status_ = ReadProcessStatus(server().id());
  }
  // Beside the stream.
  void ExpectOthersGoOn(const char* what) {
    rates_beside_.push_back(OthersRate());
    const ProcessStatus status = ReadProcessStatus(server().id());
    const std::int64_t growth = status.resident_bytes - status_.resident_bytes;
    std::printf("%s: %+.1f MiB, %d threads of its own, %d in all\n", what,
                static_cast<double>(growth) / mebibyte, status.own_threads, status.threads);
    EXPECT_LE(growth, growth_bytes_max);
    EXPECT_EQ(status.own_threads, status_.own_threads);
    EXPECT_LE(status.threads, status.own_threads + GrpcThreadsMax());
    ExpectStoreIsFree();
  }
  // When the stream has gone.
  void StopOthers() {
    const double alone = (rate_before_ + OthersRate()) / 2;
    for (const double rate : rates_beside_) {
      std::printf("others beside it: %.2f of %.0f rows/s\n", rate / alone, alone);
      EXPECT_GE(rate / alone, rate_ratio_min);
    }
    rates_beside_.clear();
    EXPECT_EQ(others_->wrong_answers(), 0);
    others_.reset();
  }

  // A newer stream of the import: how long it waited for it, and that it is whole.
  // Nothing: it did not get it.
  std::optional<absl::Duration> TakeOver(const std::string& import_id) {
    const absl::Time begin = absl::Now();
    RawImportCall call(NewChannel());
    call.Send(StartMessage(import_id));
    if (!call.WaitForStarted()) return std::nullopt;
    const absl::Duration waited = absl::Now() - begin;
    const std::int64_t settled = call.started()->settled_through_row();
    call.Send(RowsMessage(settled + 1, settled + 10));
    call.Send(EndMessage());
    call.Close();
    EXPECT_TRUE(call.Wait().ok()) << ReadRpcError(call.Wait());
    EXPECT_EQ(call.results().size(), 10);
    return waited;
  }
  void ExpectTakeOver(const std::string& import_id) {
    const auto waited = TakeOver(import_id);
    ASSERT_TRUE(waited.has_value());
    EXPECT_LE(*waited, takeover_max);
  }

  // Sends rows, whose answers nobody reads, until the server takes no more.
  void SendUntilBlocked(RawImportCall& call, const std::string& import_id) {
    call.Send(StartMessage(import_id));
    std::int64_t last = 0;
    while (last < 500'000 && call.Send(RowsMessage(last + 1, last + 500), blocked)) last += 500;
    EXPECT_LT(last, 500'000) << "the server read on";
  }

  // Whether all connections but `others` go within the time.
  bool ConnectionsGo(int others) {
    const absl::Time until = absl::Now() + noticed_max;
    while (ConnectionsOf(address()) > others) {
      if (absl::Now() > until) return false;
      Pass(absl::Milliseconds(50));
    }
    return true;
  }

 private:
  // No batch holds it.
  void ExpectStoreIsFree() {
    v1::ImportClientsRequest start = StartMessage();
    start.mutable_start()->set_organization_id("somebody");
    EXPECT_TRUE(Import({start, RowsMessage(1, 1000), EndMessage()})->Wait().ok());
  }
  // The best of some looks: what else runs on the machine, and the store's
  // checkpoints, slow one down and another not; a stuck batch all of them.
  double OthersRate() {
    double best = 0;
    for (int i = 0; i < looks; ++i) {
      const std::int64_t before = others_->rows_answered();
      const absl::Time begin = absl::Now();
      Pass(look);
      best = std::max(best, static_cast<double>(others_->rows_answered() - before) /
                                absl::ToDoubleSeconds(absl::Now() - begin));
    }
    return best;
  }

  std::unique_ptr<BusyStream> others_;
  double rate_before_ = 0;
  std::vector<double> rates_beside_;
  ProcessStatus status_;
};

// The check of taking over, for all tests below.
TEST_F(AbandonedStreamTest, ATwinThatGivesNoImportAwayIsCaught) {
  ServeTwin("first-holder");
  const std::string import_id = NewImportId();
  RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
  SendUntilBlocked(call, import_id);
  EXPECT_EQ(TakeOver(import_id), std::nullopt) << "the check catches nothing";
}

TEST_F(AbandonedStreamTest, CallerIsStoppedAndThenKilled) {
  StartOthers();
  const std::string import_id = NewImportId();
  ServerProcess caller(
      {BUSY_CALLER_PROGRAM, address(), test_organization, "1", "generated", "256", "0", import_id});
  ASSERT_TRUE(caller.WaitForLog("busy"));
  caller.Signal(SIGSTOP);
  ExpectOthersGoOn("stopped");
  ExpectTakeOver(import_id);
  caller.Kill();
  ExpectOthersGoOn("killed");
  StopOthers();
}

TEST_F(AbandonedStreamTest, ReaderStopsForEver) {
  StartOthers();
  const std::string import_id = NewImportId();
  {
    RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
    SendUntilBlocked(call, import_id);
    ExpectOthersGoOn("not read");
    ExpectTakeOver(import_id);
  }
  StopOthers();
}

// The network swallows everything; nobody closes anything.
class DeadPeerTest : public AbandonedStreamTest {
 protected:
  // A peer that dies while rows and answers are on their way. Whether the server
  // finds it out.
  bool BusyPeerIsFoundOut() {
    StartOthers();
    CuttingProxy proxy(address());
    const int connections = ConnectionsOf(address());
    const std::string import_id = NewImportId();
    BusyStream stream(grpc::CreateChannel(proxy.address(), grpc::InsecureChannelCredentials()),
                      {.import_id = import_id});
    EXPECT_TRUE(stream.WaitForAnswers(1000));
    EXPECT_EQ(ConnectionsOf(address()), connections + 1);
    proxy.Hold(true);
    ExpectOthersGoOn("dead");
    ExpectTakeOver(import_id);
    const bool found_out = ConnectionsGo(connections);
    StopOthers();
    return found_out;
  }

  // One that has said nothing for long, because it does not read, and then dies.
  bool SilentPeerIsFoundOut() {
    CuttingProxy proxy(address());
    const int connections = ConnectionsOf(address());
    RawImportCall call(grpc::CreateChannel(proxy.address(), grpc::InsecureChannelCredentials()),
                       {.reads = false, .deadline = absl::InfiniteDuration()});
    SendUntilBlocked(call, NewImportId());
    Pass(absl::Seconds(4 * keepalive_seconds));
    EXPECT_EQ(ConnectionsOf(address()), connections + 1) << "it was alive";
    proxy.Hold(true);
    return ConnectionsGo(connections);
  }
};

TEST_F(DeadPeerTest, IsFoundOutWhileBusy) {
  ServeTwin("no-keepalive");
  EXPECT_FALSE(BusyPeerIsFoundOut()) << "the check catches nothing";
  ServeAnew();
  EXPECT_TRUE(BusyPeerIsFoundOut());
}

TEST_F(DeadPeerTest, IsFoundOutAfterLongSilence) {
  ServeWithShortKeepalive();
  EXPECT_TRUE(SilentPeerIsFoundOut());
}

}  // namespace
}  // namespace provisioning
