// SPDX-License-Identifier: Apache-2.0
#include "service/listening/accept_loop.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

// Waits until the other side has closed; false: it sent something.
bool IsClosedByPeer(const Descriptor& connection) {
  char byte = 0;
  return recv(connection.number(), &byte, 1, 0) <= 0;
}

class AcceptLoopTest : public testing::Test {
 protected:
  ~AcceptLoopTest() override {
    loop_.reset();
    if (hard_limit_ != 0) SetLimit(hard_limit_);
  }

  void Start(const AcceptLoop::Options& options) {
    auto sockets = ListeningSockets::Open("127.0.0.1:0", {});
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    loop_ = std::make_unique<AcceptLoop>(
        *std::move(sockets), options,
        AcceptLoop::Callbacks{.take =
                                  [this](Descriptor connection) {
                                    const std::lock_guard lock(mutex_);
                                    taken_.push_back(std::move(connection));
                                    changed_.notify_all();
                                  },
                              .refuse =
                                  [this] {
                                    const std::lock_guard lock(mutex_);
                                    ++refusals_;
                                    changed_.notify_all();
                                  }});
  }
  Descriptor Connect() const {
    return Descriptor(ConnectTo(absl::StrCat("127.0.0.1:", loop_->port())));
  }
  std::vector<Descriptor> Connect(int count) const {
    std::vector<Descriptor> connections;
    for (int i = 0; i < count; ++i) connections.push_back(Connect());
    return connections;
  }
  void WaitForTaken(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return taken_.size() >= count; });
  }
  void WaitForRefusals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return refusals_ >= count; });
  }
  std::size_t taken() {
    const std::lock_guard lock(mutex_);
    return taken_.size();
  }
  void CloseTaken() {
    const std::lock_guard lock(mutex_);
    taken_.clear();
  }
  // The soft limit of this process.
  void SetLimit(rlim_t descriptors) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (hard_limit_ == 0) hard_limit_ = limit.rlim_cur;
    limit.rlim_cur = descriptors;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

  std::unique_ptr<AcceptLoop> loop_;

 private:
  rlim_t hard_limit_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Descriptor> taken_;  // Guarded by mutex_.
  int refusals_ = 0;               // Guarded by mutex_.
};

TEST_F(AcceptLoopTest, TakesConnectionsThatDoNotBlock) {
  Start({.connections_max = 10, .descriptor_limit = 1000});
  const auto connections = Connect(3);
  WaitForTaken(3);
  EXPECT_EQ(loop_->accepted(), 3);
  EXPECT_EQ(loop_->refused(), 0);
  EXPECT_EQ(loop_->connections_max(), 10);
}

TEST_F(AcceptLoopTest, TooManyAreClosedAndOthersTakenOnceThereIsRoom) {
  Start({.connections_max = 8, .descriptor_limit = 1000});
  // This process has both ends, so that 8 numbers are for 4 connections.
  auto connections = Connect(50);
  WaitForRefusals(40);
  EXPECT_LE(taken(), 8U);
  EXPECT_TRUE(IsClosedByPeer(connections.back()));
  connections.clear();
  CloseTaken();
  const std::int64_t before = loop_->accepted();
  const Descriptor connection = Connect();
  WaitForTaken(1);
  EXPECT_EQ(loop_->accepted(), before + 1);
}

TEST_F(AcceptLoopTest, LimitOfDescriptorsBoundsConnections) {
  Start({.connections_max = 5000, .descriptor_limit = 200});
  EXPECT_LT(loop_->connections_max(), 150);
  EXPECT_GT(loop_->connections_max(), 100);
}

TEST_F(AcceptLoopTest, NoNumberGivenIsAllThatTheLimitAllows) {
  Start({.connections_max = 0, .descriptor_limit = 100'000});
  EXPECT_GT(loop_->connections_max(), 99'000);
}

// The others of the process have taken every descriptor that there is. A listener
// that gives up then would never answer again.
TEST_F(AcceptLoopTest, WithoutAnyDescriptorItRefusesAndGoesOn) {
  Start({.connections_max = 0, .descriptor_limit = 1000});
  std::vector<Descriptor> waiting;
  for (int i = 0; i < 3; ++i) waiting.emplace_back(socket(AF_INET, SOCK_STREAM, 0));
  const Descriptor highest(open("/dev/null", O_RDONLY));
  SetLimit(static_cast<rlim_t>(highest.number()) + 1);
  ASSERT_EQ(open("/dev/null", O_RDONLY), -1) << "there is one left";
  for (Descriptor& one : waiting) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(loop_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(one.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_TRUE(IsClosedByPeer(one));
  }
  WaitForRefusals(3);
  EXPECT_EQ(loop_->accepted(), 0);
  SetLimit(1000);
  const Descriptor connection = Connect();
  WaitForTaken(1);
}

TEST_F(AcceptLoopTest, StoppedOneAcceptsNobody) {
  Start({.connections_max = 10, .descriptor_limit = 1000});
  const Descriptor connection = Connect();
  WaitForTaken(1);
  loop_->Stop();
  EXPECT_FALSE(Connect().is_open());
  EXPECT_EQ(loop_->accepted(), 1);
  loop_->Stop();
}

TEST_F(AcceptLoopTest, StopsUnderLoad) {
  Start({.connections_max = 20, .descriptor_limit = 1000});
  const auto connections = Connect(100);
  loop_->Stop();
  EXPECT_EQ(loop_->accepted(), static_cast<std::int64_t>(taken()));
}

}  // namespace
}  // namespace provisioning
