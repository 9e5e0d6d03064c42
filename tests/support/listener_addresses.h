// SPDX-License-Identifier: Apache-2.0
// HOST:PORT of a provisiond's other listeners, which stand in the log of a server that
// listens; "": there is none.
#pragma once

#include <string>

namespace provisioning {

inline std::string AddressBehind(const std::string& log, const std::string& mark) {
  const std::size_t begin = log.find(mark);
  if (begin == std::string::npos) return "";
  const std::string rest = log.substr(begin + mark.size());
  return rest.substr(0, rest.find_first_of("/\"\n"));
}

inline std::string MetricsAddressIn(const std::string& log) {
  return AddressBehind(log, "metrics on http://");
}
inline std::string HealthAddressIn(const std::string& log) {
  return AddressBehind(log, "health on ");
}

}  // namespace provisioning
