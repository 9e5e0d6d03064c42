// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "service/hash_format/phc_string.h"
#include "service/model/sha256.h"

namespace provisioning {

// The hash of a password that the service made, and of no other: it has no cost
// that would protect a guessable one.
inline constexpr std::string_view salted_sha256_scheme = "salted-sha256";
inline constexpr std::size_t salted_sha256_salt_bytes = 16;

// SHA-256 of the salt and then the message.
Sha256Digest SaltedSha256(std::span<const std::uint8_t> salt, std::string_view message);

// `$salted-sha256$salt$hash`.
std::string SaltedSha256Phc(std::span<const std::uint8_t, salted_sha256_salt_bytes> salt,
                            std::string_view message);

// In constant time. False for a `phc` that SaltedSha256Phc does not make.
bool VerifySaltedSha256(const PhcString& phc, std::string_view message);

}  // namespace provisioning
