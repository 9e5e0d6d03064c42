// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include "service/trust/verb.h"

namespace provisioning {

inline constexpr int streams_max_default = 16;
inline constexpr int streams_max_most = 10'000;

// What a caller may do, in each of its organizations.
struct CallerRights {
  bool every_organization = false;
  std::set<std::string, std::less<>> organizations = {};  // Else these.
  VerbSet verbs = {};
  // Streams (ImportClients, RevertImport) at a time on one server, from 1.
  int streams_max = streams_max_default;

  bool operator==(const CallerRights&) const = default;
};

// By caller name. Who is not in it may do nothing.
using Policy = std::map<std::string, CallerRights, std::less<>>;

}  // namespace provisioning
