// SPDX-License-Identifier: Apache-2.0
#include "service/listening/accept_loop.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace provisioning {
namespace {

// Accepted in a row before Stop is looked for.
constexpr int burst = 64;
// Before accept() is tried again that failed for want of something.
constexpr int pause_milliseconds = 50;
// Between two looks at how much each connection has sent.
constexpr int count_milliseconds = 50;

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

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

absl::StatusOr<std::unique_ptr<AcceptLoop>> AcceptLoop::Create(ListeningSockets sockets,
                                                               Callbacks callbacks) {
  std::unique_ptr<AcceptLoop> loop(new AcceptLoop(std::move(sockets), std::move(callbacks)));
  if (!loop->stop_.is_open() || !loop->spare_.is_open()) {
    return absl::UnavailableError(
        "no descriptor is left to accept connections with; raise the limit of open files "
        "(ulimit -Hn)");
  }
  return loop;
}

AcceptLoop::AcceptLoop(ListeningSockets sockets, Callbacks callbacks)
    : sockets_(std::move(sockets)),
      callbacks_(std::move(callbacks)),
      port_(sockets_.port()),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(OpenSpare()) {}

AcceptLoop::~AcceptLoop() { Stop(); }

void AcceptLoop::Start(const Options& options) {
  options_ = options;
  thread_ = std::thread([this] { Run(); });
}

void AcceptLoop::Stop() {
  if (thread_.joinable()) {
    eventfd_write(stop_.number(), 1);
    thread_.join();
  }
  sockets_.Close();
}

void AcceptLoop::Run() {
  std::vector<pollfd> waits = {{stop_.number(), POLLIN, 0}};
  for (const Descriptor& socket : sockets_.sockets()) {
    waits.push_back({socket.number(), POLLIN, 0});
  }
  const bool counts_bytes = options_.connection_bytes_max != 0;
  while (true) {
    if (poll(waits.data(), waits.size(), counts_bytes ? count_milliseconds : -1) < 0) continue;
    if (waits.front().revents != 0) return;
    if (counts_bytes) CutWhoSentTooMuch();
    for (std::size_t i = 1; i < waits.size(); ++i) {
      if (waits[i].revents != 0) AcceptFrom(waits[i].fd);
    }
  }
}

// Whoever serves a connection may close it meanwhile, but only this thread gives its
// number to another one; unless somebody else opened so much that it came up to here.
void AcceptLoop::CutWhoSentTooMuch() const {
  for (int number = options_.range.begin; number < options_.range.end; ++number) {
    if (LocalPortOf(number) != port_) continue;
    tcp_info info{};
    socklen_t size = sizeof(info);
    if (getsockopt(number, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) continue;
    if (info.tcpi_bytes_received > options_.connection_bytes_max) shutdown(number, SHUT_RDWR);
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
      if (descriptors_are_out && RefuseOne(listener)) continue;
      // Whatever it is may concern this listener alone: the others have their turn.
      return Pause();
    }
  }
}

void AcceptLoop::Answer(Descriptor connection) {
  Descriptor in_range(fcntl(connection.number(), F_DUPFD_CLOEXEC, options_.range.begin));
  connection.Reset();
  if (in_range.is_open() && in_range.number() < options_.range.end) {
    ++accepted_;
    callbacks_.take(std::move(in_range));
    return;
  }
  in_range.Reset();
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

void AcceptLoop::Pause() const {
  pollfd wait{stop_.number(), POLLIN, 0};
  poll(&wait, 1, pause_milliseconds);
}

}  // namespace provisioning
