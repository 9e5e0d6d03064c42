// SPDX-License-Identifier: Apache-2.0
#include "service/credential/hash_cost.h"

#include <array>

namespace provisioning {
namespace {

struct NamedCost {
  std::string_view name;
  HashCost cost;
};

constexpr std::array<NamedCost, 5> owasp_costs = {{
    {"m=47104,t=1", {.memory_kib = 47104, .iterations = 1}},
    {"m=19456,t=2", {.memory_kib = 19456, .iterations = 2}},
    {"m=12288,t=3", {.memory_kib = 12288, .iterations = 3}},
    {"m=9216,t=4", {.memory_kib = 9216, .iterations = 4}},
    {"m=7168,t=5", {.memory_kib = 7168, .iterations = 5}},
}};

}  // namespace

std::optional<HashCost> HashCost::Parse(std::string_view text) {
  for (const NamedCost& row : owasp_costs) {
    if (text == row.name) return row.cost;
  }
  return std::nullopt;
}

}  // namespace provisioning
