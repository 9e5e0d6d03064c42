// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace provisioning {

using Sha256Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4) of `first` and then `second`. Leaves no copy of them in
// memory. Any thread.
Sha256Digest Sha256(std::string_view first, std::string_view second = {});

}  // namespace provisioning
