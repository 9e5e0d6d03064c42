// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cutting_proxy.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "tests/support/tcp_socket.h"

namespace provisioning {
struct CuttingProxy::Connection {
  Connection(int from, int to) : client(from), server(to) {}
  ~Connection() {
    close(client);
    close(server);
  }
  void Shut() const {
    shutdown(client, SHUT_RDWR);
    shutdown(server, SHUT_RDWR);
  }

  const int client;
  const int server;
  // All below: guarded by the proxy's mutex_.
  std::optional<Cut> cut;
  CutConnection passed;
  bool was_cut = false;
};

CuttingProxy::CuttingProxy(const std::string& target)
    : target_(target), listener_(ListenOnLoopback()), address_(AddressOf(listener_)) {
  acceptor_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    shutdown(listener_, SHUT_RDWR);
    for (const auto& connection : connections_) connection->Shut();
  }
  changed_.notify_all();
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

void CuttingProxy::Plan(std::deque<std::optional<Cut>> plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
}

std::vector<CuttingProxy::CutConnection> CuttingProxy::cuts() const {
  const std::lock_guard lock(mutex_);
  return cuts_;
}

std::int64_t CuttingProxy::bytes_to_server() const {
  const std::lock_guard lock(mutex_);
  return bytes_to_server_;
}

void CuttingProxy::Hold(bool hold) {
  const std::lock_guard lock(mutex_);
  hold_ = hold;
  changed_.notify_all();
}

void CuttingProxy::Accept() {
  while (true) {
    const int client = AcceptFrom(listener_);
    if (client < 0) return;
    const int server = ConnectTo(target_);
    if (server < 0) {
      close(client);
      continue;
    }
    const auto connection = std::make_shared<Connection>(client, server);
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    Take(*connection);
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { Serve(connection); });
  }
}

void CuttingProxy::Serve(const std::shared_ptr<Connection>& connection) {
  std::thread answers([this, connection] { Forward(*connection, false); });
  Forward(*connection, true);
  answers.join();
  const std::lock_guard lock(mutex_);
  GiveBack(*connection);
  std::erase(connections_, connection);
}

void CuttingProxy::Forward(Connection& connection, bool to_server) {
  const int from = to_server ? connection.client : connection.server;
  const int to = to_server ? connection.server : connection.client;
  char bytes[16 << 10];
  while (true) {
    const ssize_t count = recv(from, bytes, sizeof(bytes), 0);
    if (count <= 0) break;
    const std::int64_t allowed = Allowed(connection, to_server, count);
    if (!SendAll(to, std::string_view(bytes, static_cast<std::size_t>(allowed))) ||
        Passed(connection, to_server, allowed)) {
      break;
    }
  }
  // Neither side speaks of half an end: gRPC does not either.
  connection.Shut();
}

std::int64_t CuttingProxy::Allowed(Connection& connection, bool to_server, std::int64_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !hold_ || stopped_; });
  if (!connection.cut || connection.cut->to_server != to_server) return count;
  const CutConnection& passed = connection.passed;
  return std::min(count,
                  connection.cut->after_bytes - (to_server ? passed.to_server : passed.to_client));
}

bool CuttingProxy::Passed(Connection& connection, bool to_server, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  std::int64_t& passed = to_server ? connection.passed.to_server : connection.passed.to_client;
  passed += count;
  if (to_server) bytes_to_server_ += count;
  const auto& cut = connection.cut;
  if (!cut || cut->to_server != to_server || passed < cut->after_bytes) return false;
  connection.was_cut = true;
  cuts_.push_back(connection.passed);
  return true;
}

void CuttingProxy::Take(Connection& connection) {
  if (plan_.empty()) return;
  connection.cut = plan_.front();
  plan_.pop_front();
}

void CuttingProxy::GiveBack(const Connection& connection) {
  const bool took_part =
      connection.was_cut || connection.passed.to_server >= planned_bytes_min || plan_.empty();
  if (!took_part) plan_.push_front(connection.cut);
}

}  // namespace provisioning
