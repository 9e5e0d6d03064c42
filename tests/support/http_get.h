// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace provisioning {

struct HttpAnswer {
  int code = 0;  // 0: there was no answer.
  std::string body;
};

// A request without TLS to an IPv4 HOST:PORT; waits for the whole answer.
HttpAnswer HttpGet(const std::string& address, const std::string& path,
                   const std::string& method = "GET");

}  // namespace provisioning
