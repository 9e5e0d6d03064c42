// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "service/listening/accept_loop.h"
#include "service/listening/listening_sockets.h"
#include "service/server/log_pace.h"
#include "service/server/serve_config.h"

namespace provisioning {

// Where a gRPC server's connections come from, instead of its own listener (see
// accept_loop.h for why).
class ConnectionAcceptor {
 public:
  // Listens, and does not accept yet. UNAVAILABLE with a sentence: see
  // ListeningSockets.
  static absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> Listen(const ServeConfig& config);

  // Before BuildAndStart, once: connections will be given to the server, under these
  // credentials.
  void AddTo(grpc::ServerBuilder& builder, std::shared_ptr<grpc::ServerCredentials> credentials);
  // After BuildAndStart, and after all that opens descriptors for good.
  void Start();
  // Before the server's Shutdown: nobody is accepted any more.
  void Stop();

  int port() const { return port_; }
  // Since the start. Any thread.
  std::int64_t accepted() const { return loop_ ? loop_->accepted() : 0; }
  std::int64_t refused() const { return loop_ ? loop_->refused() : 0; }

 private:
  ConnectionAcceptor(ListeningSockets sockets, int connections_max);
  void LogRefusal();

  std::optional<ListeningSockets> sockets_;  // Until Start.
  const int port_;
  const int connections_max_;
  LogPace refusals_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> server_;
  std::unique_ptr<AcceptLoop> loop_;
};

}  // namespace provisioning
