// SPDX-License-Identifier: Apache-2.0
#include "service/listening/listening_sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

absl::StatusOr<ListeningSockets> Open(const std::string& address) {
  return ListeningSockets::Open(address, {});
}

std::string WhyNot(const std::string& address) {
  const auto sockets = Open(address);
  EXPECT_TRUE(absl::IsUnavailable(sockets.status())) << sockets.status();
  return std::string(sockets.status().message());
}

TEST(ListeningSocketsTest, FreePortIsTold) {
  const auto sockets = Open("127.0.0.1:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  ASSERT_GT(sockets->port(), 0);
  const Descriptor connection(ConnectTo(absl::StrCat("127.0.0.1:", sockets->port())));
  EXPECT_TRUE(connection.is_open());
}

TEST(ListeningSocketsTest, PortOfItsOwnChoice) {
  int port = 0;
  {
    const auto sockets = Open("127.0.0.1:0");
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    port = sockets->port();
    // What a server that ended leaves behind does not stand in the next one's way.
    const Descriptor connection(ConnectTo(absl::StrCat("127.0.0.1:", port)));
    const Descriptor accepted(AcceptFrom(sockets->sockets().front().number()));
    EXPECT_TRUE(accepted.is_open());
  }
  const auto sockets = Open(absl::StrCat("127.0.0.1:", port));
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  EXPECT_EQ(sockets->port(), port);
}

TEST(ListeningSocketsTest, PortThatIsTakenIsNotShared) {
  const auto first = Open("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string address = absl::StrCat("127.0.0.1:", first->port());
  EXPECT_EQ(WhyNot(address), "--listen " + address +
                                 ": somebody listens there already; stop it, or take another port");
}

// One of two addresses that is taken is as bad: callers of the other one would be served by
// somebody else.
TEST(ListeningSocketsTest, PortThatIsTakenOnOneAddress) {
  const auto name = Open("localhost:0");
  ASSERT_TRUE(name.ok()) << name.status();
  const auto first = Open("127.0.0.1:0");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(WhyNot(absl::StrCat("localhost:", first->port())), HasSubstr("already"));
}

TEST(ListeningSocketsTest, NameListensOnAllItsAddresses) {
  const auto sockets = Open("localhost:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  ASSERT_FALSE(sockets->sockets().empty());
  const Descriptor connection(ConnectTo(absl::StrCat("127.0.0.1:", sockets->port())));
  EXPECT_TRUE(connection.is_open());
  for (const Descriptor& socket : sockets->sockets()) {
    EXPECT_THAT(AddressOf(socket.number()), HasSubstr(absl::StrCat(":", sockets->port())));
  }
}

TEST(ListeningSocketsTest, V6InBrackets) {
  const auto sockets = Open("[::1]:0");
  if (!sockets.ok()) {
    // A machine without IPv6 says so.
    EXPECT_THAT(WhyNot("[::1]:0"), HasSubstr("no such address"));
    return;
  }
  EXPECT_GT(sockets->port(), 0);
  // It is for V6 alone, so the same port is free for V4.
  EXPECT_TRUE(Open(absl::StrCat("127.0.0.1:", sockets->port())).ok());
}

TEST(ListeningSocketsTest, NoHostIsEveryAddress) {
  const auto sockets = Open(":0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  const Descriptor connection(ConnectTo(absl::StrCat("127.0.0.1:", sockets->port())));
  EXPECT_TRUE(connection.is_open());
}

TEST(ListeningSocketsTest, AddressOfAnotherMachine) {
  EXPECT_THAT(WhyNot("192.0.2.1:0"), HasSubstr("this machine has no such address"));
}

TEST(ListeningSocketsTest, NameThatIsNone) {
  EXPECT_THAT(WhyNot("name.invalid:0"), HasSubstr("--listen name.invalid:0: "));
}

TEST(ListeningSocketsTest, SentencesNameTheFlag) {
  const auto sockets = ListeningSockets::Open("192.0.2.1:0", {.flag = "--health-listen"});
  EXPECT_THAT(std::string(sockets.status().message()), HasSubstr("--health-listen 192.0.2.1:0: "));
}

// Whatever word it came from: what is looked at is what would be bound.
TEST(ListeningSocketsTest, LoopbackOnlyRefusesEveryOtherAddress) {
  for (const char* address : {"127.0.0.1:0", "127.1.2.3:0", "[::1]:0"}) {
    const auto sockets = ListeningSockets::Open(address, {.loopback_only = true});
    EXPECT_THAT(std::string(sockets.status().message()), testing::Not(HasSubstr("loopback")));
  }
  for (const char* address : {"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "[::ffff:127.0.0.1]:0"}) {
    const auto sockets = ListeningSockets::Open(address, {.loopback_only = true});
    EXPECT_TRUE(absl::IsUnavailable(sockets.status())) << sockets.status();
    EXPECT_THAT(std::string(sockets.status().message()), HasSubstr("give 127.0.0.1 or [::1]"));
  }
}

TEST(ListeningSocketsTest, ConnectionsInheritTheirOptions) {
  const auto sockets =
      ListeningSockets::Open("127.0.0.1:0", {.unacknowledged_max = absl::Seconds(20)});
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  const Descriptor connection(ConnectTo(absl::StrCat("127.0.0.1:", sockets->port())));
  const Descriptor accepted(AcceptFrom(sockets->sockets().front().number()));
  ASSERT_TRUE(accepted.is_open());
  int value = 0;
  socklen_t size = sizeof(value);
  getsockopt(accepted.number(), IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size);
  EXPECT_EQ(value, 20'000);
}

TEST(ListeningSocketsTest, ClosedOneRefuses) {
  auto sockets = Open("127.0.0.1:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  sockets->Close();
  EXPECT_EQ(ConnectTo(absl::StrCat("127.0.0.1:", sockets->port())), -1);
}

}  // namespace
}  // namespace provisioning
