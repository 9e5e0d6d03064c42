// SPDX-License-Identifier: Apache-2.0
#include "service/server/server.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "grpcpp/server_builder.h"
#include "service/credential/usable_cpus.h"
#include "service/server/channel_limits.h"
#include "service/server/config_check.h"
#include "service/server/open_store.h"
#include "service/server/store_address.h"
#include "service/server/tls_credentials.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr int unary_threads = 2;

int HashThreads(const ServeConfig& config) {
  return config.hash_threads > 0 ? config.hash_threads : UsableCpus();
}

// Workers wait for look-ups and claims, so there are more of them than CPUs.
int WorkerThreads() { return std::max(4, 2 * UsableCpus()); }

ImportCoreOptions CoreOptions(const ServeConfig& config) {
  ImportCoreOptions options;
  options.hashing_rows_max = std::max(options.hashing_rows_max, 4 * HashThreads(config));
  options.temporary_password_ttl_min = config.temporary_password_ttl_min;
  options.idle_ticks_max =
      static_cast<int>(absl::Ceil(config.stream_idle_timeout, options.progress_interval) /
                       options.progress_interval);
  return options;
}

AccountOptions AccountsOptions(const ServeConfig& config) {
  AccountOptions options;
  options.failures.failures_max = config.failures_max;
  options.new_password_characters_min = config.new_password_characters_min;
  options.temporary_password_ttl_min = config.temporary_password_ttl_min;
  return options;
}

void LogTlsFiles(const absl::Status& status) {
  if (status.ok()) return spdlog::info("TLS: certificate, key and authorities are good again");
  spdlog::error("TLS: new connections may fail, until this is mended: {}",
                std::string(status.message()));
}

// They hash, and wait for the store besides.
int PasswordThreads() { return std::max(4, UsableCpus()); }

}  // namespace

Server::Server(const ServeConfig& config)
    : config_(config),
      signals_(config),
      rules_(clock_),
      factory_(config.hash_cost),
      workers_(WorkerThreads(), config_.shares),
      hashing_pool_(HashThreads(config), factory_, config_.shares,
                    [this](auto time) { signals_.metrics().OnHashed(time); }),
      access_(config_.trust.tls() ? AccessControl() : AccessControl::ForEverybody()),
      unary_calls_(unary_threads, config_.shares),
      password_calls_(PasswordThreads(), config_.shares) {}

Server::~Server() {
  if (server_) Shutdown();
  // Its listeners ask the core, the pool and the store.
  signals_.Close();
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServeConfig& config,
                                                      std::function<void()> on_broken) {
  if (const auto problems = FindConfigProblems(config, absl::Now()); !problems.empty()) {
    return absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
  }
  std::unique_ptr<Server> server(new Server(config));
  if (absl::Status status = server->OpenTrust(); !status.ok()) return status;
  const auto address = ReadStoreAddress(config.store);
  if (!address.ok()) return address.status();
  auto store = OpenStore(*address, config.shares, std::move(on_broken));
  if (!store.ok()) return store.status();
  server->store_ = *std::move(store);
  server->core_ = std::make_unique<ImportCore>(
      ImportCoreDependencies{*server->store_, server->rules_, server->factory_,
                             server->hashing_pool_, server->workers_, server->clock_,
                             server->signals_.metrics()},
      CoreOptions(config));
  server->accounts_ = std::make_unique<AccountCore>(*server->store_, server->factory_,
                                                    server->clock_, AccountsOptions(config));
  absl::Status status = server->signals_.Start(address->engine, *server->store_, *server->core_,
                                               server->hashing_pool_);
  if (status.ok()) status = server->Listen();
  if (status.ok()) status = server->Accept();
  if (!status.ok()) return status;
  return server;
}

absl::Status Server::OpenTrust() {
  if (!config_.trust.tls()) return absl::OkStatus();
  auto policy_file = OpenPolicy(config_.trust, access_);
  if (!policy_file.ok()) return policy_file.status();
  policy_file_ = *std::move(policy_file);
  tls_check_ = std::make_unique<PeriodicCheck>(
      [this] {
        const auto problems = FindTlsProblems(config_.trust, clock_.Now());
        return problems.empty() ? absl::OkStatus()
                                : absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
      },
      LogTlsFiles);
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  auto connections = ConnectionAcceptor::Listen(
      config_.listen,
      {.loopback_only = !config_.trust.tls(), .unacknowledged_max = config_.keepalive_timeout});
  if (!connections.ok()) return connections.status();
  connections_ = *std::move(connections);
  provisioning_service_ =
      std::make_unique<ProvisioningService>(*core_, *store_, unary_calls_, access_);
  account_service_ = std::make_unique<AccountService>(AccountService::Dependencies{
      *store_, *accounts_, *core_, clock_, unary_calls_, password_calls_, access_});
  grpc::ServerBuilder builder;
  connections_->AddTo(builder, MakeServerCredentials(config_.trust));
  builder.RegisterService(provisioning_service_.get());
  builder.RegisterService(account_service_.get());
  signals_.Attach(builder);
  SetChannelLimits(config_, builder);
  server_ = builder.BuildAndStart();
  if (!server_) return absl::InternalError("gRPC cannot serve; the lines before say why");
  ReadTrustMetrics();
  return absl::OkStatus();
}

absl::Status Server::Accept() {
  const auto ranges = DivideDescriptors(config_.connections_max);
  if (!ranges.ok()) return ranges.status();
  if (config_.connections_max > ranges->callers.size()) {
    spdlog::warn(
        "--connections-max {}: the limit of open files leaves room for {} connections; raise it "
        "(ulimit -Hn) for more",
        config_.connections_max, ranges->callers.size());
  }
  connections_->Start({.range = ranges->callers});
  signals_.Serve(ranges->probes);
  return absl::OkStatus();
}

void Server::ReadTrustMetrics() {
  Metrics& metrics = signals_.metrics();
  metrics.Read(ReadOut::kConnectionsAccepted,
               [this] { return static_cast<double>(connections_->accepted()); });
  metrics.Read(ReadOut::kConnectionsRefused,
               [this] { return static_cast<double>(connections_->refused()); });
  if (!policy_file_) return;
  metrics.Read(ReadOut::kPolicyReloads,
               [this] { return static_cast<double>(policy_file_->reloads()); });
  metrics.Read(ReadOut::kPolicyReloadFailures,
               [this] { return static_cast<double>(policy_file_->failed_reloads()); });
  metrics.Read(ReadOut::kPolicyCurrent, [this] { return policy_file_->is_current() ? 1. : 0.; });
  metrics.Read(ReadOut::kTlsFilesValid, [this] { return tls_check_->ok() ? 1. : 0.; });
  const auto read_date = [&metrics](ReadOut what, auto date) {
    metrics.Read(what, [date] { return absl::ToDoubleSeconds(date() - absl::UnixEpoch()); });
  };
  read_date(ReadOut::kCertificateNotBefore,
            [this] { return CertificateValidity(config_.trust).begin; });
  read_date(ReadOut::kCertificateExpiry, [this] { return CertificateValidity(config_.trust).end; });
  read_date(ReadOut::kClientCaExpiry, [this] { return ClientCaExpiry(config_.trust); });
}

void Server::AnnounceEnd() { signals_.Stop(); }

void Server::Shutdown() {
  AnnounceEnd();
  connections_->Stop();
  core_->Drain();
  signals_.Drain();
  // Waits for all calls; after the deadline the rest is cancelled.
  server_->Shutdown(std::chrono::system_clock::now() +
                    absl::ToChronoMilliseconds(config_.drain_timeout));
  server_.reset();
  signals_.Close();
}

}  // namespace provisioning
