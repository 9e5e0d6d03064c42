// SPDX-License-Identifier: Apache-2.0
#include "service/listening/accept_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "service/listening/descriptor_limit.h"

namespace provisioning {
namespace {

// Accepted in a row before Stop is looked for.
constexpr int burst = 64;
// Before accept() is tried again that failed for want of something.
constexpr int pause_milliseconds = 50;

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// Everything below the spare is taken, and everything above it free.
int ConnectionsMax(const AcceptLoop::Options& options, int spare) {
  const int room =
      options.descriptor_limit - (spare + 1) - DescriptorsKeptBack(options.descriptor_limit);
  if (options.connections_max == 0) return std::max(1, room);
  return std::clamp(options.connections_max, 1, std::max(1, room));
}

// What makes accept() fail for one connection only, see accept(2).
bool ConcernsOneConnection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP:
    case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

}  // namespace

AcceptLoop::AcceptLoop(ListeningSockets sockets, const Options& options, Callbacks callbacks)
    : sockets_(std::move(sockets)),
      callbacks_(std::move(callbacks)),
      port_(sockets_.port()),
      spare_(OpenSpare()),
      connections_max_(ConnectionsMax(options, spare_.number())),
      descriptor_max_(spare_.number() + 1 + connections_max_),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { Run(); }) {}

AcceptLoop::~AcceptLoop() { Stop(); }

void AcceptLoop::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.number(), 1);
  thread_.join();
  sockets_.Close();
}

void AcceptLoop::Run() {
  std::vector<pollfd> waits = {{stop_.number(), POLLIN, 0}};
  for (const Descriptor& socket : sockets_.sockets()) {
    waits.push_back({socket.number(), POLLIN, 0});
  }
  while (true) {
    if (poll(waits.data(), waits.size(), -1) < 0) continue;
    if (waits.front().revents != 0) return;
    for (std::size_t i = 1; i < waits.size(); ++i) {
      if (waits[i].revents != 0) AcceptFrom(waits[i].fd);
    }
  }
}

void AcceptLoop::AcceptFrom(int listener) {
  for (int i = 0; i < burst; ++i) {
    Descriptor connection(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.is_open()) {
      Answer(std::move(connection));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (!ConcernsOneConnection(errno)) {
      const bool descriptors_are_out = errno == EMFILE || errno == ENFILE;
      if (!(descriptors_are_out && RefuseOne(listener)) && StopsWithin(pause_milliseconds)) return;
    }
  }
}

void AcceptLoop::Answer(Descriptor connection) {
  if (connection.number() < descriptor_max_) {
    ++accepted_;
    callbacks_.take(std::move(connection));
    return;
  }
  connection.Reset();
  ++refused_;
  callbacks_.refuse();
}

// False: another thread took what the spare one gave up, or there is none.
bool AcceptLoop::RefuseOne(int listener) {
  if (!spare_.is_open()) spare_ = OpenSpare();
  if (!spare_.is_open()) return false;
  spare_.Reset();
  const bool was_refused = Descriptor(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)).is_open();
  spare_ = OpenSpare();
  if (!was_refused) return false;
  ++refused_;
  callbacks_.refuse();
  return true;
}

bool AcceptLoop::StopsWithin(int milliseconds) const {
  pollfd wait{stop_.number(), POLLIN, 0};
  return poll(&wait, 1, milliseconds) > 0;
}

}  // namespace provisioning
