// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace provisioning {

// What a flag like --listen says.
struct HostPort {
  std::string host;  // Without the brackets of an IPv6 address; may be empty.
  bool is_bracketed = false;
  int port = 0;  // From 0 to 65535.
};

// Reads HOST:PORT, whatever the host may be. Nothing: there is no colon, or no such
// port behind the last one.
std::optional<HostPort> ParseHostPort(const std::string& text);

}  // namespace provisioning
