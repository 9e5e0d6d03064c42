// SPDX-License-Identifier: Apache-2.0
// bcrypt's hash as modular crypt format has it: `$2b$cost$` with two digits of
// cost, 22 characters of salt and 31 of hash, 60 in all.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace provisioning {

// The same algorithm under three names; `$2x$` marks a faulty one.
inline constexpr std::array<std::string_view, 3> bcrypt_prefixes = {"$2a$", "$2b$", "$2y$"};
inline constexpr std::size_t bcrypt_hash_bytes = 60;
// `$2b$cost$` and the salt; the rest is what comes of the password.
inline constexpr std::size_t bcrypt_setting_bytes = 29;
// What it reads of a password: whatever follows makes no difference.
inline constexpr std::size_t bcrypt_password_bytes = 72;

struct BcryptHash {
  int cost = 0;  // 0 to 99; each step doubles the time.
};

// Nothing for any other text. Bits that the salt has no use for may be set, as
// some implementations leave them.
std::optional<BcryptHash> ReadBcryptHash(std::string_view text);

// By the bounds in limits.h.
bool IsTooWeak(const BcryptHash& hash);
bool IsTooCostly(const BcryptHash& hash);

}  // namespace provisioning
