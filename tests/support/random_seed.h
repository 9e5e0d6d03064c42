// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace provisioning {

// SEED of the environment, else a new one; printed, so that a run can be repeated.
inline std::uint64_t RandomSeed() {
  const char* const given = std::getenv("SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "SEED=" << seed << "\n";
  return seed;
}

}  // namespace provisioning
