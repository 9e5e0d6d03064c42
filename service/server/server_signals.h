// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "grpcpp/server_builder.h"
#include "service/credential/hashing_pool.h"
#include "service/import/import_core.h"
#include "service/server/health_listener.h"
#include "service/server/health_service.h"
#include "service/server/periodic_check.h"
#include "service/server/serve_config.h"
#include "service/server/store_address.h"
#include "service/signals/metrics.h"
#include "service/signals/metrics_listener.h"
#include "service/store/identity_store.h"

namespace provisioning {

// By what a server is watched: metrics, health and its listeners, the end of each
// call. In the order in which they are called: Start, Attach, Serve, Stop, Drain, Close.
class ServerSignals {
 public:
  explicit ServerSignals(const ServeConfig& config);
  ~ServerSignals();

  // Lives as long as this; others may add to it.
  Metrics& metrics() { return metrics_; }

  // Opens the listeners, whose flags are in order, and asks the store from now on whether it is
  // ready. All live until Close.
  absl::Status Start(StoreEngine engine, IdentityStore& store, const ImportCore& core,
                     const HashingPool& pool);
  // Adds to the server for callers what watches its calls, health, and the services
  // that were asked for.
  void Attach(grpc::ServerBuilder& builder);
  // The server for callers accepts: from now on health follows the store, and probes
  // are answered, over connections with these descriptors.
  void Serve(const DescriptorRange& probes);

  // Health off, for good.
  void Stop();
  // So that nobody who watches health holds up the end of the server for callers.
  // There are no metrics any more: their listener takes 2 s to close, which it does
  // meanwhile.
  void Drain();
  // Nothing is asked of the store, the core or the pool any more, and nobody listens.
  void Close();

 private:
  void ReadMetrics(const ImportCore& core, const HashingPool& pool);
  absl::Status ListenForHealth();

  const ServeConfig config_;
  const SignalOptions& options_ = config_.signals;
  Metrics metrics_;
  HealthStatuses statuses_;
  HealthService service_{statuses_};  // Of the listener for callers.
  std::unique_ptr<PeriodicCheck> store_check_;
  std::unique_ptr<MetricsListener> metrics_listener_;
  std::thread closing_;  // Of the listener for metrics.
  std::unique_ptr<HealthListener> health_listener_;
};

}  // namespace provisioning
