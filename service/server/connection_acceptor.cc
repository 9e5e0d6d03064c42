// SPDX-License-Identifier: Apache-2.0
#include "service/server/connection_acceptor.h"

#include <utility>

#include "absl/time/clock.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

constexpr absl::Duration refusals_period = absl::Seconds(10);

}  // namespace

ConnectionAcceptor::ConnectionAcceptor(std::string flag)
    : flag_(std::move(flag)), refusals_(1, refusals_period) {}

absl::StatusOr<std::unique_ptr<ConnectionAcceptor>> ConnectionAcceptor::Listen(
    const std::string& address, const ListeningSockets::Options& options) {
  auto sockets = ListeningSockets::Open(address, options);
  if (!sockets.ok()) return sockets.status();
  std::unique_ptr<ConnectionAcceptor> acceptor(new ConnectionAcceptor(options.flag));
  auto loop = AcceptLoop::Create(
      *std::move(sockets), {.take = [&to = *acceptor](Descriptor one) { to.Take(std::move(one)); },
                            .refuse = [&to = *acceptor] { to.LogRefusal(); }});
  if (!loop.ok()) return loop.status();
  acceptor->loop_ = *std::move(loop);
  return acceptor;
}

void ConnectionAcceptor::AddTo(grpc::ServerBuilder& builder,
                               std::shared_ptr<grpc::ServerCredentials> credentials) {
  to_grpc_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      std::move(credentials));
}

void ConnectionAcceptor::Start(const AcceptLoop::Options& options) {
  connections_max_ = options.range.size();
  loop_->Start(options);
}

void ConnectionAcceptor::Take(Descriptor connection) {
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.fd = connection.Release();
  to_grpc_->HandleNewConnection(&parameters);
}

void ConnectionAcceptor::LogRefusal() {
  if (!refusals_.Allow(absl::Now())) return;
  spdlog::warn("{}: too many connections ({}): new ones are refused, {} so far", flag_,
               connections_max_, refused());
}

}  // namespace provisioning
