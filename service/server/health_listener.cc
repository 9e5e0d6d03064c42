// SPDX-License-Identifier: Apache-2.0
#include "service/server/health_listener.h"

#include <chrono>
#include <cstdint>

#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "service/server/channel_limits.h"
#include "service/server/own_services.h"

namespace provisioning {
namespace {

// A check takes 200 bytes. gRPC 1.51 has no bound for the headers of a call that come
// in many CONTINUATION frames: it keeps them all, and anybody may connect here.
constexpr std::uint64_t connection_bytes_max = 1 << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<HealthListener>> HealthListener::Listen(const ServeConfig& config,
                                                                       HealthStatuses& statuses) {
  auto connections = ConnectionAcceptor::Listen(
      config.signals.health_listen,
      {.flag = "--health-listen", .unacknowledged_max = config.keepalive_timeout});
  if (!connections.ok()) return connections.status();
  std::unique_ptr<HealthListener> listener(new HealthListener(statuses));
  listener->connections_ = *std::move(connections);
  grpc::ServerBuilder builder;
  listener->connections_->AddTo(builder, grpc::InsecureServerCredentials());
  builder.RegisterService(&listener->service_);
  SetProbeLimits(config, builder);
  builder.SetOption(std::make_unique<OwnServices>(false, false));
  listener->server_ = builder.BuildAndStart();
  if (!listener->server_) return absl::InternalError("gRPC cannot serve; the lines before say why");
  return listener;
}

void HealthListener::Start(const DescriptorRange& range) {
  connections_->Start({.range = range, .connection_bytes_max = connection_bytes_max});
}

HealthListener::~HealthListener() {
  connections_->Stop();
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
}

}  // namespace provisioning
