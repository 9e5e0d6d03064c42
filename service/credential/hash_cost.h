// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace provisioning {

// The cost of Argon2id (RFC 9106), with p=1. Only the rows of OWASP's Password
// Storage Cheat Sheet can be had; they cost an attacker about the same.
struct HashCost {
  int memory_kib = 7168;
  int iterations = 5;

  // "m=7168,t=5" ...; nothing for a cost that is not in the table.
  static std::optional<HashCost> Parse(std::string_view text);
  bool operator==(const HashCost&) const = default;
};

}  // namespace provisioning
