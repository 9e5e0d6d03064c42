// SPDX-License-Identifier: Apache-2.0
// Certificates of server and callers, and the authority behind them, are changed
// under load: no healthy caller fails.
//
//   COUNT=30 rotation_test      30 changes, one every 3 seconds
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/e2e/import_messages.h"
#include "tests/e2e/trust_fixture.h"
#include "tests/support/http_get.h"
#include "tests/support/listener_addresses.h"
#include "tests/support/metrics_scrape.h"
#include "tests/support/poll_until.h"
#include "tests/support/raw_import_call.h"
#include "tests/support/rpc_error.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

constexpr char caller[] = "spiffe://clinic.example/onboarding";
constexpr int caller_threads = 3;

// What a caller has: its certificate, and the authorities that it trusts.
struct CallerFiles {
  Identity identity;
  std::string authorities;
};

class RotationTest : public TrustFixture {
 protected:
  RotationTest() {
    authorities_.push_back(std::make_unique<TestAuthority>("authority 0"));
    WritePolicy({PolicyEntry(caller, "\"*\"", every_verb)});
    server_authorities_ = newest().certificate();
    server_identity_ = ServerIdentity(newest());
    callers_ = {CallerIdentity(newest()), newest().certificate()};
    Mount();
  }
  ~RotationTest() override { StopCallers(); }

  TestAuthority& newest() const { return *authorities_.back(); }
  static Identity ServerIdentity(const TestAuthority& authority) {
    return authority.Issue({.names = {"DNS:localhost", "IP:127.0.0.1"}});
  }
  static Identity CallerIdentity(const TestAuthority& authority) {
    return authority.Issue({.names = {std::string("URI:") + caller}});
  }

  // The server's files, all at once, as Kubernetes changes those of a secret: a link
  // to their folder is replaced.
  void Mount() {
    const std::string name = absl::StrCat("tls", mounts_++);
    std::filesystem::create_directory(folder_.File(name));
    const std::pair<const char*, const std::string&> files[] = {
        {"server.crt", server_identity_.certificate},
        {"server.key", server_identity_.key},
        {"ca.crt", server_authorities_}};
    for (const auto& [file, content] : files) {
      std::ofstream(folder_.File(name) + "/" + file) << content;
    }
    std::filesystem::create_directory_symlink(name, folder_.File("data2"));
    std::filesystem::rename(folder_.File("data2"), folder_.File("data"));
  }
  void Serve(const std::vector<std::string>& flags = {}) {
    for (const char* file : {"server.crt", "server.key", "ca.crt"}) {
      std::filesystem::remove(folder_.File(file));
      std::filesystem::create_symlink(folder_.File("data") + "/" + file, folder_.File(file));
    }
    std::vector<std::string> command = {PROVISIOND_PROGRAM, "serve"};
    command.insert(command.end(), flags.begin(), flags.end());
    StartServer(command);
  }

  // One call on a connection of its own.
  grpc::Status Call(const CallerFiles& files) const {
    const auto stub = v1::ClientProvisioningService::NewStub(
        NewTlsChannel(address_, files.identity, files.authorities));
    grpc::ClientContext context;
    v1::GetImportSchemaResponse response;
    return stub->GetImportSchema(&context, v1::GetImportSchemaRequest(), &response);
  }
  bool GetsIn(const Identity& identity, const std::string& authorities) const {
    return Call({identity, authorities}).ok();
  }

  CallerFiles callers() {
    std::lock_guard lock(mutex_);
    return callers_;
  }
  void SetCallers(const CallerFiles& files) {
    std::lock_guard lock(mutex_);
    callers_ = files;
  }
  void StartCallers() {
    for (int i = 0; i < caller_threads; ++i) {
      threads_.emplace_back([this] {
        while (!stop_) {
          const grpc::Status status = Call(callers());
          ++calls_;
          if (status.ok()) continue;
          ++failures_;
          ADD_FAILURE() << ReadRpcError(status);
        }
      });
    }
  }
  void StopCallers() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  // The steps of a rotation, each of which is a change; all wait until it holds.
  void RenewServer() {
    server_identity_ = ServerIdentity(newest());
    Mount();
  }
  void RenewCallers() { SetCallers({CallerIdentity(newest()), callers().authorities}); }
  void TrustNextAuthority() {
    const std::string old = newest().certificate();
    authorities_.push_back(
        std::make_unique<TestAuthority>(absl::StrCat("authority ", authorities_.size())));
    server_authorities_ = old + newest().certificate();
    SetCallers({callers().identity, server_authorities_});
    Mount();
    const Identity next = CallerIdentity(newest());
    EXPECT_TRUE(PollUntil([&] { return GetsIn(next, server_authorities_); }));
  }
  void MoveServer() {
    server_identity_ = ServerIdentity(newest());
    Mount();
    const Identity next = CallerIdentity(newest());
    EXPECT_TRUE(PollUntil([&] { return GetsIn(next, newest().certificate()); }));
  }
  void ForgetLastAuthority() {
    const Identity old = CallerIdentity(*authorities_[authorities_.size() - 2]);
    EXPECT_TRUE(GetsIn(old, newest().certificate()));
    server_authorities_ = newest().certificate();
    SetCallers({callers().identity, server_authorities_});
    Mount();
    EXPECT_TRUE(PollUntil([&] { return !GetsIn(old, newest().certificate()); }));
  }
  void Change(int number) {
    switch (number % 5) {
      case 0:
        return TrustNextAuthority();
      case 1:
        return MoveServer();
      case 2:
        return RenewCallers();
      case 3:
        return ForgetLastAuthority();
      default:
        return RenewServer();
    }
  }

  std::vector<std::unique_ptr<TestAuthority>> authorities_;
  std::string server_authorities_;
  Identity server_identity_;
  int mounts_ = 0;

  std::mutex mutex_;
  CallerFiles callers_;  // Guarded by mutex_.
  std::atomic<bool> stop_ = false;
  std::atomic<int> calls_ = 0;
  std::atomic<int> failures_ = 0;
  std::vector<std::thread> threads_;
};

TEST_F(RotationTest, NoHealthyCallerFails) {
  const char* const count = std::getenv("COUNT");
  const int changes = count == nullptr ? 5 : std::atoi(count);
  const absl::Duration period = count == nullptr ? absl::Milliseconds(1100) : absl::Seconds(3);
  Serve();
  const CallerFiles first = callers();
  // A stream that is open all the while; its certificate is not asked for again.
  RawImportCall stream(NewTlsChannel(address_, first.identity, first.authorities));
  stream.Send(StartMessage());
  ASSERT_TRUE(stream.WaitForStarted());
  StartCallers();
  for (int i = 0; i < changes; ++i) {
    const absl::Time next = absl::Now() + period;
    Change(i);
    stream.Send(RowsMessage(i * 10 + 1, i * 10 + 10));
    EXPECT_TRUE(stream.WaitForResults((i + 1) * 10));
    // The next change comes at its time, and after calls that saw this one.
    const int calls = calls_;
    EXPECT_TRUE(PollUntil([&] { return calls_ > calls + 10 && absl::Now() >= next; }));
  }
  StopCallers();
  stream.Send(EndMessage());
  stream.Close();
  EXPECT_TRUE(stream.Wait().ok());
  std::printf("%d changes, %d calls on connections of their own, %d failed\n", changes,
              calls_.load(), failures_.load());
  EXPECT_EQ(failures_, 0);
}

// gRPC takes what is in the files, and says little when it does not fit.
TEST_F(RotationTest, AKeyThatDoesNotFitIsSeen) {
  Serve({"--metrics-listen", "127.0.0.1:0"});
  const auto are_valid = [this] {
    return MetricsScrape(HttpGet(MetricsAddressIn(server_->log()), "/metrics").body)
        .Sum("provisioning_tls_files_valid");
  };
  EXPECT_EQ(are_valid(), 1);
  const Identity good = server_identity_;
  server_identity_.key = ServerIdentity(newest()).key;
  Mount();
  EXPECT_TRUE(server_->WaitForLog("is not the key of the certificate"));
  EXPECT_THAT(server_->log(), HasSubstr("--tls-key " + folder_.File("server.key")));
  EXPECT_TRUE(PollUntil([&] { return are_valid() == 0; }));
  server_identity_ = good;
  Mount();
  EXPECT_TRUE(server_->WaitForLog("are good again"));
  EXPECT_TRUE(PollUntil([&] { return are_valid() == 1; }));
}

// The test would notice: a change without an overlap, under the same load.
TEST_F(RotationTest, AHardChangeIsNoticed) {
  Serve();
  EXPECT_TRUE(Call(callers()).ok());
  authorities_.push_back(std::make_unique<TestAuthority>("another authority"));
  server_authorities_ = newest().certificate();
  Mount();
  EXPECT_TRUE(PollUntil([this] { return !Call(callers()).ok(); }));
}

}  // namespace
}  // namespace provisioning
