// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_get.h"

#include <unistd.h>

#include <cstdlib>

#include "tests/support/tcp_socket.h"

namespace provisioning {

HttpAnswer HttpGet(const std::string& address, const std::string& path, const std::string& method) {
  const int descriptor = ConnectTo(address);
  if (descriptor < 0) return {};
  std::string answer;
  if (SendAll(descriptor, method + " " + path + " HTTP/1.1\r\nHost: " + address +
                              "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")) {
    char bytes[4096];
    ssize_t count = 0;
    while ((count = read(descriptor, bytes, sizeof(bytes))) > 0) {
      answer.append(bytes, static_cast<std::size_t>(count));
    }
  }
  close(descriptor);
  const std::size_t head = answer.find("\r\n\r\n");
  if (answer.rfind("HTTP/1.1 ", 0) != 0 || head == std::string::npos) return {};
  return {static_cast<int>(std::strtol(answer.c_str() + 9, nullptr, 10)), answer.substr(head + 4)};
}

}  // namespace provisioning
