// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "service/server/connection_acceptor.h"
#include "service/server/health_service.h"
#include "service/server/serve_config.h"

namespace provisioning {

// The plaintext listener for probes: grpc.health.v1 alone. It and the listener for
// callers take nothing from each other.
class HealthListener {
 public:
  // Listens on the config's `signals.health_listen`. `statuses` outlives the listener.
  // UNAVAILABLE, with a sentence that names the flag.
  static absl::StatusOr<std::unique_ptr<HealthListener>> Listen(const ServeConfig& config,
                                                                HealthStatuses& statuses);
  ~HealthListener();

  // Probes are answered from now on; those that came before have waited.
  void Start(const DescriptorRange& range);

  int port() const { return connections_->port(); }

 private:
  explicit HealthListener(HealthStatuses& statuses) : service_(statuses) {}

  HealthService service_;
  std::unique_ptr<grpc::Server> server_;
  // Gives connections to the server, and stops before it.
  std::unique_ptr<ConnectionAcceptor> connections_;
};

}  // namespace provisioning
