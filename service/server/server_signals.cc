// SPDX-License-Identifier: Apache-2.0
#include "service/server/server_signals.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/security/server_credentials.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/rpc/call_context.h"
#include "service/server/call_observer.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

// A request about health is some bytes.
constexpr int health_request_bytes_max = 4 << 10;

std::vector<std::string> ServiceNames() {
  return {v1::ClientProvisioningService::service_full_name(),
          v1::ClientAccountService::service_full_name()};
}

std::vector<std::string> HealthNames() {
  std::vector<std::string> names = ServiceNames();
  names.emplace_back();  // The whole server.
  return names;
}

// What a server has of gRPC's own services. A program that is linked with reflection
// has it in every server, asked for or not, and one that has once asked for channelz
// has that.
class OwnServices final : public grpc::ServerBuilderOption {
 public:
  OwnServices(bool reflection, bool channelz) : reflection_(reflection), channelz_(channelz) {}

  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [this](const auto& plugin) {
      return !channelz_ || plugin->name() != channelz_plugin;
    });
    if (reflection_) {
      plugins->push_back(std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>());
    }
  }

 private:
  static constexpr char channelz_plugin[] = "channelz_service";

  const bool reflection_;
  const bool channelz_;
};

void LogStore(const absl::Status& status) {
  if (status.ok()) return spdlog::info("health: the store is ready");
  spdlog::error("health: the store cannot be used, so this server is not ready: {}",
                std::string(status.message()));
}

std::string HostOf(const std::string& listen) { return listen.substr(0, listen.rfind(':')); }

}  // namespace

ServerSignals::ServerSignals(const SignalOptions& options)
    : options_(options), statuses_(HealthNames()) {}

ServerSignals::~ServerSignals() { Close(); }

absl::Status ServerSignals::Start(StoreEngine engine, IdentityStore& store, const ImportCore& core,
                                  const HashingPool& pool) {
  if (absl::Status status = CheckSignalOptions(options_); !status.ok()) return status;
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
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(options_.health_listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&probed_service_);
  builder.SetMaxReceiveMessageSize(health_request_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  builder.SetOption(std::make_unique<OwnServices>(false, false));
  health_listener_ = builder.BuildAndStart();
  if (!health_listener_ || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("--health-listen ", options_.health_listen,
                     ": cannot be listened on; is it an address of this machine, and is nobody "
                     "else there?"));
  }
  spdlog::info("health on {}:{}", HostOf(options_.health_listen), port);
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

void ServerSignals::Stop() { statuses_.Stop(); }

void ServerSignals::Drain() {
  statuses_.EndWatches();
  closing_ = std::thread([this] { metrics_listener_.reset(); });
}

void ServerSignals::Close() {
  if (closing_.joinable()) closing_.join();
  metrics_listener_.reset();
  store_check_.reset();
  if (health_listener_) health_listener_->Shutdown(std::chrono::system_clock::now());
  health_listener_.reset();
}

}  // namespace provisioning
