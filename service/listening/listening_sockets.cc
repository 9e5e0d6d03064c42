// SPDX-License-Identifier: Apache-2.0
#include "service/listening/listening_sockets.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "service/listening/host_port.h"
#include "service/model/error_text.h"

namespace provisioning {
namespace {

// The kernel takes the smaller of it and net.core.somaxconn.
constexpr int backlog = 4096;
// Each round takes another free port of the first address; that the second address
// has every one of them taken does not happen.
constexpr int free_port_rounds = 16;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  bool is_v6() const { return storage.ss_family == AF_INET6; }
  bool is_loopback() const {
    if (is_v6()) {
      return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr);
    }
    return ntohl(reinterpret_cast<const sockaddr_in&>(storage).sin_addr.s_addr) >> 24 == 127;
  }
  in_port_t& port() {
    return is_v6() ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                   : reinterpret_cast<sockaddr_in&>(storage).sin_port;
  }
  friend bool operator==(const SocketAddress& a, const SocketAddress& b) {
    return a.size == b.size && std::memcmp(&a.storage, &b.storage, a.size) == 0;
  }
};

// `where`: a flag and its value.
absl::Status Unusable(const std::string& where, const std::string& why) {
  return absl::UnavailableError(absl::StrCat(where, ": ", why));
}

absl::Status Unusable(const std::string& where, int error) {
  switch (error) {
    case EADDRINUSE:
      return Unusable(where, "somebody listens there already; stop it, or take another port");
    case EACCES:
      return Unusable(where, "this user may not listen there; take a port above 1023");
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return Unusable(where, "this machine has no such address");
    default:
      return Unusable(where, absl::StrCat("cannot be listened on: ", ErrorText(error)));
  }
}

absl::StatusOr<std::vector<SocketAddress>> LookUp(const std::string& where,
                                                  const std::string& address) {
  const auto parsed = ParseHostPort(address);
  if (!parsed) return Unusable(where, "must be HOST:PORT, with a port from 0 (any) to 65535");
  const std::string& host = parsed->host;
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.empty() ? nullptr : host.c_str(),
                                std::to_string(parsed->port).c_str(), &hints, &found);
  if (error != 0) return Unusable(where, gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    SocketAddress next{.size = one->ai_addrlen};
    std::memcpy(&next.storage, one->ai_addr, one->ai_addrlen);
    // The file of hosts may name one twice.
    if (std::ranges::find(addresses, next) == addresses.end()) addresses.push_back(next);
  }
  return addresses;
}

void Set(const Descriptor& socket, int level, int name, int value) {
  setsockopt(socket.number(), level, name, &value, sizeof(value));
}

// What connections are to have is set here: they inherit it.
Descriptor NewSocket(const SocketAddress& address, bool is_alone,
                     const ListeningSockets::Options& options) {
  Descriptor socket(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!socket.is_open()) return socket;
  // Connections of a server that has ended do not keep the port from the next one.
  Set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.is_v6()) Set(socket, IPPROTO_IPV6, IPV6_V6ONLY, is_alone ? 0 : 1);
  Set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  Set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
      static_cast<int>(absl::ToInt64Milliseconds(options.unacknowledged_max)));
  return socket;
}

// Listens on all that the machine has; `port` 0: on the free port that the first
// one takes. An errno, if one is refused or none is there.
int ListenOnAll(std::vector<SocketAddress> addresses, const ListeningSockets::Options& options,
                std::vector<Descriptor>& sockets) {
  int missing = EADDRNOTAVAIL;
  for (SocketAddress& address : addresses) {
    if (!sockets.empty()) address.port() = htons(LocalPortOf(sockets.front().number()));
    Descriptor socket = NewSocket(address, addresses.size() == 1, options);
    if (socket.is_open() && bind(socket.number(), address.get(), address.size) == 0 &&
        listen(socket.number(), backlog) == 0) {
      sockets.push_back(std::move(socket));
      continue;
    }
    if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) return errno;
    missing = errno;
  }
  return sockets.empty() ? missing : 0;
}

}  // namespace

int LocalPortOf(int descriptor) {
  SocketAddress bound{.size = sizeof(sockaddr_storage)};
  if (getsockname(descriptor, bound.get(), &bound.size) != 0) return 0;
  if (!bound.is_v6() && bound.storage.ss_family != AF_INET) return 0;
  return ntohs(bound.port());
}

absl::StatusOr<ListeningSockets> ListeningSockets::Open(const std::string& address,
                                                        const Options& options) {
  const std::string where = absl::StrCat(options.flag, " ", address);
  auto addresses = LookUp(where, address);
  if (!addresses.ok()) return addresses.status();
  if (options.loopback_only && !std::ranges::all_of(*addresses, &SocketAddress::is_loopback)) {
    return Unusable(where,
                    "this machine takes the host for an address that others can reach, and "
                    "without TLS only loopback may be listened on; give 127.0.0.1 or [::1]");
  }
  const bool any_port = addresses->front().port() == 0;
  int error = 0;
  for (int round = 0; round < (any_port ? free_port_rounds : 1); ++round) {
    ListeningSockets opened;
    error = ListenOnAll(*addresses, options, opened.sockets_);
    if (error == 0) {
      opened.port_ = LocalPortOf(opened.sockets_.front().number());
      return opened;
    }
    if (error != EADDRINUSE) break;
  }
  return Unusable(where, error);
}

}  // namespace provisioning
