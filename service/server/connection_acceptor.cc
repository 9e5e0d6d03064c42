// SPDX-License-Identifier: Apache-2.0
#include "service/server/connection_acceptor.h"

#include <utility>

#include "absl/time/clock.h"
#include "service/listening/descriptor_limit.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr absl::Duration refusals_period = absl::Seconds(10);

}  // namespace

ConnectionAcceptor::ConnectionAcceptor(ListeningSockets sockets, int connections_max)
    : sockets_(std::move(sockets)),
      port_(sockets_->port()),
      connections_max_(connections_max),
      refusals_(1, refusals_period) {}

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(
    const ServeConfig& config) {
  auto sockets =
      ListeningSockets::Open(config.listen, {.unacknowledged_max = config.keepalive_timeout});
  if (!sockets.ok()) return sockets.status();
  return std::unique_ptr<ConnectionAcceptor>(
      new ConnectionAcceptor(*std::move(sockets), config.connections_max));
}

void ConnectionAcceptor::AddTo(grpc::ServerBuilder& builder,
                               std::shared_ptr<grpc::ServerCredentials> credentials) {
  server_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      std::move(credentials));
}

void ConnectionAcceptor::Start() {
  loop_ = std::make_unique<AcceptLoop>(
      *std::exchange(sockets_, std::nullopt),
      AcceptLoop::Options{.connections_max = connections_max_,
                          .descriptor_limit = RaiseDescriptorLimit()},
      AcceptLoop::Callbacks{
          .take =
              [this](Descriptor connection) {
                grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
                parameters.fd = connection.Release();
                server_->HandleNewConnection(&parameters);
              },
          .refuse = [this] { LogRefusal(); }});
  if (connections_max_ > loop_->connections_max()) {
    spdlog::warn(
        "--connections-max {}: the limit of open files leaves room for {} connections; raise it "
        "(ulimit -Hn) for more",
        connections_max_, loop_->connections_max());
  }
}

void ConnectionAcceptor::Stop() {
  sockets_.reset();
  if (loop_) loop_->Stop();
}

void ConnectionAcceptor::LogRefusal() {
  if (!refusals_.Allow(absl::Now())) return;
  spdlog::warn("too many connections ({}): new ones are refused, {} so far",
               loop_->connections_max(), loop_->refused());
}

}  // namespace provisioning
