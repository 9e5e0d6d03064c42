// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/credential/hash_cost.h"
#include "service/credential/phc_string.h"

namespace provisioning {

inline constexpr std::string_view argon2id_scheme = "argon2id";

// What a stored string may ask for, so that a hostile one cannot take the
// memory or the time of the service: above the dearest row of HashCost.
inline constexpr std::uint32_t argon2id_memory_kib_max = 64 << 10;
inline constexpr std::uint32_t argon2id_iterations_max = 10;

// `$argon2id$v=19$m=...,t=...,p=1$salt$hash`, with a random salt of 16 bytes and
// a hash of 32. Nothing if the memory cannot be had.
std::optional<std::string> Argon2idPhc(const HashCost& cost, std::string_view password);

// In constant time. False, and at once, for a `phc` of another form or above
// the bounds.
bool VerifyArgon2id(const PhcString& phc, std::string_view password);

}  // namespace provisioning
