// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace provisioning {

// Bits that look random, the same for the same numbers: SplitMix64's mixing.
constexpr std::uint64_t MixBits(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

constexpr std::uint64_t RandomBits(std::uint64_t seed, std::uint64_t number) {
  return MixBits(MixBits(seed) + (number + 1) * 0x9E3779B97F4A7C15);
}

// From 0 to below 1, out of random bits.
constexpr double Fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace provisioning
