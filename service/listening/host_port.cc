// SPDX-License-Identifier: Apache-2.0
#include "service/listening/host_port.h"

#include "absl/strings/numbers.h"

namespace provisioning {

std::optional<HostPort> ParseHostPort(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  HostPort parsed;
  if (colon == std::string::npos || !absl::SimpleAtoi(text.substr(colon + 1), &parsed.port) ||
      parsed.port < 0 || parsed.port > 65535) {
    return std::nullopt;
  }
  parsed.host = text.substr(0, colon);
  parsed.is_bracketed =
      parsed.host.size() > 2 && parsed.host.front() == '[' && parsed.host.back() == ']';
  if (parsed.is_bracketed) parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  return parsed;
}

}  // namespace provisioning
