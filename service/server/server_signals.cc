// SPDX-License-Identifier: Apache-2.0
#include "service/server/server_signals.h"

#include <string>
#include <utility>
#include <vector>

#include "grpcpp/ext/channelz_service_plugin.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/rpc/call_context.h"
#include "service/server/call_observer.h"
#include "service/server/own_services.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

std::vector<std::string> ServiceNames() {
  return {v1::ClientProvisioningService::service_full_name(),
          v1::ClientAccountService::service_full_name()};
}

std::vector<std::string> HealthNames() {
  std::vector<std::string> names = ServiceNames();
  names.emplace_back();  // The whole server.
  return names;
}

void LogStore(const absl::Status& status) {
  if (status.ok()) return spdlog::info("health: the store is ready");
  spdlog::error("health: the store cannot be used, so this server is not ready: {}",
                std::string(status.message()));
}

std::string HostOf(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

}  // namespace

ServerSignals::ServerSignals(const ServeConfig& config)
    : config_(config), statuses_(HealthNames()) {}

ServerSignals::~ServerSignals() { Close(); }

absl::Status ServerSignals::Start(StoreEngine engine, IdentityStore& store, const ImportCore& core,
                                  const HashingPool& pool) {
  metrics_.SetBuild(PROVISIONING_VERSION, engine == StoreEngine::kSqlite ? "sqlite" : "postgresql");
  for (const std::string& service : ServiceNames()) DeclareMethods(service, metrics_);
  DeclareErrors(metrics_);
  ReadMetrics(core, pool);
  store_check_ = std::make_unique<PeriodicCheck>([&store] { return store.CheckReady(); },
                                                 [this](const absl::Status& status) {
                                                   statuses_.SetReady(status.ok());
                                                   LogStore(status);
                                                 });
  if (!options_.metrics_listen.empty()) {
    auto listener = MetricsListener::Start(options_.metrics_listen, metrics_.collectable());
    if (!listener.ok()) return listener.status();
    metrics_listener_ = *std::move(listener);
    spdlog::info("metrics on http://{}:{}/metrics", HostOf(options_.metrics_listen),
                 metrics_listener_->port());
  }
  if (!options_.health_listen.empty()) {
    if (absl::Status status = ListenForHealth(); !status.ok()) return status;
  }
  if (options_.channelz) grpc::channelz::experimental::InitChannelzService();
  return absl::OkStatus();
}

void ServerSignals::ReadMetrics(const ImportCore& core, const HashingPool& pool) {
  const auto read = [this](ReadOut what, auto number) {
    metrics_.Read(what, [number] { return static_cast<double>(number()); });
  };
  read(ReadOut::kStreams, [&core] { return core.stream_count(); });
  read(ReadOut::kRowsChecking, [&core] { return core.rows_waiting().checking; });
  read(ReadOut::kRowsLookUp, [&core] { return core.rows_waiting().look_up; });
  read(ReadOut::kRowsHashing, [&core] { return core.rows_waiting().hashing; });
  read(ReadOut::kRowsCommit, [&core] { return core.rows_waiting().commit; });
  read(ReadOut::kRowsSending, [&core] { return core.rows_waiting().sending; });
  read(ReadOut::kBytesUnderWay, [&core] { return core.bytes_under_way(); });
  read(ReadOut::kHashThreads, [&pool] { return pool.threads(); });
  read(ReadOut::kStoreReady, [this] { return store_check_ && store_check_->ok(); });
  read(ReadOut::kServing, [this] { return statuses_.serving(); });
}

absl::Status ServerSignals::ListenForHealth() {
  auto listener = HealthListener::Listen(config_, statuses_);
  if (!listener.ok()) return listener.status();
  health_listener_ = *std::move(listener);
  spdlog::info("health on {}:{}", HostOf(options_.health_listen), health_listener_->port());
  return absl::OkStatus();
}

void ServerSignals::Attach(grpc::ServerBuilder& builder) {
  builder.RegisterService(&service_);
  builder.SetContextAllocator(std::make_unique<CallContextAllocator>());
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
  observers.push_back(MakeCallObserver(metrics_));
  builder.experimental().SetInterceptorCreators(std::move(observers));
  builder.SetOption(std::make_unique<OwnServices>(options_.reflection, options_.channelz));
}

void ServerSignals::Serve(const DescriptorRange& probes) {
  statuses_.SetListening();
  if (health_listener_) health_listener_->Start(probes);
}

void ServerSignals::Stop() { statuses_.Stop(); }

void ServerSignals::Drain() {
  statuses_.EndWatches();
  closing_ = std::thread([this] { metrics_listener_.reset(); });
}

void ServerSignals::Close() {
  if (closing_.joinable()) closing_.join();
  metrics_listener_.reset();
  store_check_.reset();
  health_listener_.reset();
}

}  // namespace provisioning
