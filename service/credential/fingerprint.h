// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/numeric/int128.h"

namespace provisioning {

// Stands for a text in 128 bits: equal texts have equal fingerprints, and different
// ones have not, as far as chance goes (2 million of them: 1 in 10^26). SipHash-2-4
// with a random key of this object's own, so that nobody can make two texts that
// collide. For memory only: it means nothing to another object. Any thread.
class Fingerprint {
 public:
  Fingerprint();

  absl::uint128 Of(std::string_view text) const;

 private:
  std::array<std::uint8_t, 16> key_;
};

}  // namespace provisioning
