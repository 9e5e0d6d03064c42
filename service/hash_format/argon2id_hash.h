// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace provisioning {

inline constexpr std::string_view argon2id_prefix = "$argon2id$";

// What a text of Argon2id (RFC 9106) says of itself.
struct Argon2idHash {
  std::uint32_t memory_kib = 0;
  std::uint32_t iterations = 0;
  std::uint32_t parallelism = 0;
  std::size_t salt_bytes = 0;
  std::size_t hash_bytes = 0;

  bool operator==(const Argon2idHash&) const = default;
};

// `$argon2id$v=19$m=...,t=...,p=...$salt$hash`: the parameters in this order and
// no others, lengths as limits.h has them. Nothing for any other text.
std::optional<Argon2idHash> ReadArgon2idHash(std::string_view text);

// By the bounds in limits.h.
bool IsTooWeak(const Argon2idHash& hash);
bool IsTooCostly(const Argon2idHash& hash);

}  // namespace provisioning
