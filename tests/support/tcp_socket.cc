// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "tests/support/require.h"

namespace provisioning {
namespace {

sockaddr_in Address(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  Require(inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1, "inet_pton");
  return address;
}

// Of an IPv4 HOST:PORT.
sockaddr_in AddressOfTarget(const std::string& target) {
  const std::size_t colon = target.rfind(':');
  return Address(target.substr(0, colon), std::atoi(target.c_str() + colon + 1));
}

int NewSocket() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Require(descriptor >= 0, "socket");
  return descriptor;
}

void SendAtOnce(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

int ListenOnLoopback() {
  const int listener = NewSocket();
  const sockaddr_in address = Address("127.0.0.1", 0);
  Require(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0,
          "bind");
  Require(listen(listener, 16) == 0, "listen");
  return listener;
}

std::string AddressOf(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  Require(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "getsockname");
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address.sin_addr, host, sizeof(host));
  return std::string(host) + ":" + std::to_string(ntohs(address.sin_port));
}

int AcceptFrom(int listener) {
  const int descriptor = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor >= 0) SendAtOnce(descriptor);
  return descriptor;
}

int ConnectTo(const std::string& target) {
  const sockaddr_in address = AddressOfTarget(target);
  const int descriptor = NewSocket();
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    SendAtOnce(descriptor);
    return descriptor;
  }
  close(descriptor);
  return -1;
}

int StartConnecting(const std::string& target) {
  const sockaddr_in address = AddressOfTarget(target);
  const int descriptor = NewSocket();
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  (void)connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  return descriptor;
}

bool SendAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace provisioning
