// SPDX-License-Identifier: Apache-2.0
#include "service/listening/accept_loop.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

// Waits until the other side has closed; false: it sent something.
bool IsClosedByPeer(const Descriptor& connection) {
  char byte = 0;
  return recv(connection.number(), &byte, 1, 0) <= 0;
}

sa_family_t FamilyOf(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family;
}

// Far above what the test itself opens, so that its ends of the connections are not
// among them.
DescriptorRange RangeOf(int size) { return {.begin = 500, .end = 500 + size}; }

class AcceptLoopTest : public testing::Test {
 protected:
  ~AcceptLoopTest() override {
    loop_.reset();
    if (hard_limit_ != 0) SetLimit(hard_limit_);
  }

  absl::Status Create(ListeningSockets sockets) {
    auto loop = AcceptLoop::Create(
        std::move(sockets), {.take = [this](Descriptor connection) { Take(std::move(connection)); },
                             .refuse = [this] { Refuse(); }});
    if (loop.ok()) loop_ = *std::move(loop);
    return loop.status();
  }
  void Create(const std::string& address = "127.0.0.1:0") {
    auto sockets = ListeningSockets::Open(address, {});
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    const absl::Status status = Create(*std::move(sockets));
    ASSERT_TRUE(status.ok()) << status;
  }
  void Start(int connections_max) {
    Create();
    loop_->Start({.range = RangeOf(connections_max)});
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
  // A new loop begins.
  void Forget() {
    const std::lock_guard lock(mutex_);
    taken_.clear();
    refusals_ = 0;
  }
  void CloseOneTaken() {
    const std::lock_guard lock(mutex_);
    taken_.erase(taken_.begin());
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
  void Take(Descriptor connection) {
    const std::lock_guard lock(mutex_);
    EXPECT_GE(connection.number(), RangeOf(0).begin);
    EXPECT_NE(fcntl(connection.number(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_EQ(fcntl(connection.number(), F_GETFD), FD_CLOEXEC);
    taken_.push_back(std::move(connection));
    changed_.notify_all();
  }
  // As a callback that wants to say how many there were.
  void Refuse() {
    const std::lock_guard lock(mutex_);
    EXPECT_GT(loop_->refused(), 0);
    ++refusals_;
    changed_.notify_all();
  }

  rlim_t hard_limit_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Descriptor> taken_;  // Guarded by mutex_.
  int refusals_ = 0;               // Guarded by mutex_.
};

TEST_F(AcceptLoopTest, TakesConnectionsThatDoNotBlock) {
  Start(10);
  const auto connections = Connect(3);
  WaitForTaken(3);
  EXPECT_EQ(loop_->accepted(), 3);
  EXPECT_EQ(loop_->refused(), 0);
}

TEST_F(AcceptLoopTest, NobodyIsAcceptedBeforeStart) {
  Create();
  const auto connections = Connect(20);
  EXPECT_EQ(taken(), 0U);
  loop_->Start({.range = RangeOf(5)});
  WaitForRefusals(15);
  EXPECT_EQ(taken(), 5U);
}

TEST_F(AcceptLoopTest, TakesAsManyAsItMay) {
  for (const int connections_max : {1, 2, 8}) {
    Start(connections_max);
    const auto connections = Connect(connections_max + 3);
    WaitForRefusals(3);
    EXPECT_EQ(taken(), static_cast<std::size_t>(connections_max));
    EXPECT_TRUE(IsClosedByPeer(connections.back()));
    loop_.reset();
    Forget();
  }
}

TEST_F(AcceptLoopTest, WhoGoesMakesRoomForOne) {
  Start(3);
  const auto connections = Connect(3);
  WaitForTaken(3);
  CloseOneTaken();
  const auto more = Connect(2);
  WaitForRefusals(1);
  EXPECT_EQ(taken(), 3U);
  EXPECT_EQ(loop_->accepted(), 4);
}

// Neither takes the other's room.
TEST_F(AcceptLoopTest, TwoLoopsCountEachItsOwn) {
  Start(3);
  const auto connections = Connect(5);
  WaitForRefusals(2);
  auto sockets = ListeningSockets::Open("127.0.0.1:0", {});
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Descriptor> others;
  auto loop =
      AcceptLoop::Create(*std::move(sockets), {.take =
                                                   [&](Descriptor connection) {
                                                     const std::lock_guard lock(mutex);
                                                     others.push_back(std::move(connection));
                                                     changed.notify_all();
                                                   },
                                               .refuse = [] {}});
  ASSERT_TRUE(loop.ok()) << loop.status();
  (*loop)->Start({.range = {.begin = 503, .end = 505}});
  const std::string address = absl::StrCat("127.0.0.1:", (*loop)->port());
  const Descriptor first(ConnectTo(address));
  const Descriptor second(ConnectTo(address));
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return others.size() == 2; });
  EXPECT_EQ(others.back().number(), 504);
  lock.unlock();
  (*loop)->Stop();
}

TEST_F(AcceptLoopTest, WhoSendsTooMuchIsCut) {
  Create();
  loop_->Start({.range = RangeOf(10), .connection_bytes_max = 1000});
  const auto connections = Connect(2);
  WaitForTaken(2);
  EXPECT_TRUE(SendAll(connections[0].number(), std::string(1000, 'a')));
  EXPECT_TRUE(SendAll(connections[1].number(), std::string(1001, 'a')));
  EXPECT_TRUE(IsClosedByPeer(connections[1]));
  char byte = 0;
  EXPECT_EQ(recv(connections[0].number(), &byte, 1, MSG_DONTWAIT), -1);
  EXPECT_EQ(errno, EAGAIN);
}

// What it opens for itself is not there; so it says so, instead of never stopping.
TEST_F(AcceptLoopTest, WithoutDescriptorsItIsNotMade) {
  for (const int left : {0, 1}) {
    auto sockets = ListeningSockets::Open("127.0.0.1:0", {});
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    const Descriptor highest(open("/dev/null", O_RDONLY));
    SetLimit(static_cast<rlim_t>(highest.number() + left + 1));
    const absl::Status status = Create(*std::move(sockets));
    SetLimit(1000);
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("raise the limit of open files"));
  }
}

// Of two addresses, one cannot be accepted from any more.
TEST_F(AcceptLoopTest, AListenerThatFailsDoesNotKeepTheOtherWaiting) {
  auto sockets = ListeningSockets::Open(":0", {});
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  if (sockets->sockets().size() < 2) GTEST_SKIP() << "this machine has no IPv6";
  const bool first_is_v6 = FamilyOf(sockets->sockets().front()) == AF_INET6;
  // The other one is for IPv4, which Connect uses.
  shutdown(sockets->sockets()[first_is_v6 ? 0 : 1].number(), SHUT_RDWR);
  ASSERT_TRUE(Create(*std::move(sockets)).ok());
  loop_->Start({.range = RangeOf(10)});
  const absl::Time begin = absl::Now();
  for (std::size_t count = 1; count <= 3; ++count) {
    const Descriptor connection = Connect();
    WaitForTaken(count);
  }
  // 64 pauses in a row take three seconds.
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
}

// The others of the process have taken every descriptor that there is. A listener
// that gives up then would never answer again.
TEST_F(AcceptLoopTest, WithoutAnyDescriptorItRefusesAndGoesOn) {
  Start(100);
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
  Start(10);
  const Descriptor connection = Connect();
  WaitForTaken(1);
  loop_->Stop();
  EXPECT_FALSE(Connect().is_open());
  EXPECT_EQ(loop_->accepted(), 1);
  loop_->Stop();
}

TEST_F(AcceptLoopTest, StopsUnderLoad) {
  Start(20);
  const auto connections = Connect(100);
  loop_->Stop();
  EXPECT_EQ(loop_->accepted(), static_cast<std::int64_t>(taken()));
}

}  // namespace
}  // namespace provisioning
