// SPDX-License-Identifier: Apache-2.0
#include "service/server/connection_acceptor.h"

#include <sys/socket.h>

#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "gtest/gtest.h"
#include "service/server/health_service.h"
#include "tests/support/tcp_socket.h"

namespace provisioning {
namespace {

// Connections that are there before the first one is accepted, more than it may take:
// it refuses, and says so, from its first moment on.
TEST(ConnectionAcceptorTest, RefusesFromTheStart) {
  auto acceptor = ConnectionAcceptor::Listen("127.0.0.1:0", {});
  ASSERT_TRUE(acceptor.ok()) << acceptor.status();
  HealthStatuses statuses({""});
  HealthService service(statuses);
  grpc::ServerBuilder builder;
  (*acceptor)->AddTo(builder, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::vector<Descriptor> peers;
  for (int i = 0; i < 20; ++i) {
    peers.emplace_back(ConnectTo(absl::StrCat("127.0.0.1:", (*acceptor)->port())));
  }
  EXPECT_EQ((*acceptor)->accepted() + (*acceptor)->refused(), 0);
  (*acceptor)->Start({.range = {.begin = 500, .end = 502}});
  // Those who are refused hear of it; the others hear nothing until gRPC speaks.
  char byte = 0;
  EXPECT_LE(recv(peers.back().number(), &byte, 1, 0), 0);
  (*acceptor)->Stop();
  EXPECT_EQ((*acceptor)->accepted(), 2);
  EXPECT_EQ((*acceptor)->refused(), 18);
  server->Shutdown(std::chrono::system_clock::now());
}

TEST(ConnectionAcceptorTest, StoppedBeforeItsStartItListensNoMore) {
  auto acceptor = ConnectionAcceptor::Listen("127.0.0.1:0", {});
  ASSERT_TRUE(acceptor.ok()) << acceptor.status();
  (*acceptor)->Stop();
  EXPECT_EQ(ConnectTo(absl::StrCat("127.0.0.1:", (*acceptor)->port())), -1);
}

}  // namespace
}  // namespace provisioning
