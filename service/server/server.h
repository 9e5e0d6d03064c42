// SPDX-License-Identifier: Apache-2.0
// The composition root: everything that the service is made of, in the order in
// which it has to live and die.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "service/account/account_core.h"
#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_core.h"
#include "service/import/worker_pool.h"
#include "service/model/clock.h"
#include "service/rpc/account_service.h"
#include "service/rpc/provisioning_service.h"
#include "service/rpc/unary_calls.h"
#include "service/rules/row_rules.h"
#include "service/server/connection_acceptor.h"
#include "service/server/serve_config.h"
#include "service/server/server_signals.h"
#include "service/store/identity_store.h"
#include "service/trust/access_control.h"
#include "service/trust/policy_file.h"

namespace provisioning {

class Server {
 public:
  // Opens the store and listens. `on_broken` is called, from any thread, when the
  // store breaks down while serving: every stream and call is refused from then
  // on, and nothing but Shutdown makes sense.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServeConfig& config,
                                                       std::function<void()> on_broken);
  ~Server();

  // The one that was bound.
  int port() const { return connections_->port(); }
  const ConnectionAcceptor& connections() const { return *connections_; }

  // Health off; everything else goes on.
  void AnnounceEnd();

  // Health off; streams commit and answer what is ready and end UNAVAILABLE;
  // what has not ended after the config's drain timeout is cut. Blocks.
  void Shutdown();

 private:
  explicit Server(const ServeConfig& config);
  absl::Status OpenTrust();
  absl::Status Listen();
  absl::Status Accept();
  void ReadTrustMetrics();

  const ServeConfig config_;
  ServerSignals signals_;
  SystemClock clock_;
  RowRules rules_;
  CredentialFactory factory_;
  // Callbacks of the store and of the hashing pool post to the workers.
  WorkerPool workers_;
  HashingPool hashing_pool_;
  std::unique_ptr<IdentityStore> store_;
  // Asked by every stream.
  AccessControl access_;
  // Null without TLS.
  std::unique_ptr<PolicyFile> policy_file_;
  std::unique_ptr<PeriodicCheck> tls_check_;
  std::unique_ptr<ImportCore> core_;
  std::unique_ptr<AccountCore> accounts_;
  UnaryCalls unary_calls_;
  UnaryCalls password_calls_;
  std::unique_ptr<ProvisioningService> provisioning_service_;
  std::unique_ptr<AccountService> account_service_;
  std::unique_ptr<grpc::Server> server_;
  // Gives connections to the server, and stops before it.
  std::unique_ptr<ConnectionAcceptor> connections_;
};

}  // namespace provisioning
