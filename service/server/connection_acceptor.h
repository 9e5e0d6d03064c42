// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "service/listening/accept_loop.h"
#include "service/listening/listening_sockets.h"
#include "service/server/log_pace.h"

namespace provisioning {

// Where a gRPC server's connections come from, instead of its own listener (see
// accept_loop.h for why).
class ConnectionAcceptor {
 public:
  // Listens, and does not accept yet. UNAVAILABLE with a sentence: see
  // ListeningSockets and AcceptLoop.
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(
      const std::string& address, const ListeningSockets::Options& options);

  // Before BuildAndStart, once: connections will be given to the server, under these
  // credentials.
  void AddTo(grpc::ServerBuilder& builder, std::shared_ptr<grpc::ServerCredentials> credentials);
  // After BuildAndStart, and after all that opens descriptors for good. Takes as many
  // connections at a time as the range has numbers.
  void Start(const AcceptLoop::Options& options);
  // Before the server's Shutdown: nobody is accepted any more.
  void Stop() { loop_->Stop(); }

  int port() const { return loop_->port(); }
  // Since the start. Any thread.
  std::int64_t accepted() const { return loop_->accepted(); }
  std::int64_t refused() const { return loop_->refused(); }

 private:
  explicit ConnectionAcceptor(std::string flag);
  void Take(Descriptor connection);
  void LogRefusal();

  const std::string flag_;
  LogPace refusals_;
  int connections_max_ = 0;  // From Start on.
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> to_grpc_;
  std::unique_ptr<AcceptLoop> loop_;
};

}  // namespace provisioning
