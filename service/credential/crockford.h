// SPDX-License-Identifier: Apache-2.0
// The form of the passwords that the service makes: digits of Crockford's
// base32, which has no letter that looks like another digit
// (https://www.crockford.com/base32.html).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "service/model/secret_array.h"

namespace provisioning {

inline constexpr std::size_t crockford_digits = 26;        // Of 5 bits: 130 bits.
inline constexpr std::size_t crockford_random_bytes = 17;  // The last 6 bits are not used.
// For reading out: 5-5-5-5-6 digits, with hyphens between the groups.
inline constexpr std::size_t crockford_grouped_bytes = crockford_digits + 4;

// Upper case, without hyphens: the canonical form, which is what is hashed.
using CrockfordDigits = SecretArray<char, crockford_digits>;
using GroupedCrockfordDigits = SecretArray<char, crockford_grouped_bytes>;

CrockfordDigits EncodeCrockford(std::span<const std::uint8_t, crockford_random_bytes> bytes);

GroupedCrockfordDigits GroupCrockford(const CrockfordDigits& digits);

// What a person typed: any letter case, hyphens and spaces anywhere, O for 0, I
// and L for 1. Nothing if that does not make 26 digits.
std::optional<CrockfordDigits> ReadCrockford(std::string_view typed);

}  // namespace provisioning
