// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/imported_hash_reader.h"

#include <algorithm>
#include <array>

#include "service/hash_format/argon2id_hash.h"
#include "service/hash_format/bcrypt_hash.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

template <typename Hash>
std::optional<HashFault> FaultOf(const std::optional<Hash>& hash) {
  if (!hash) return HashFault::kForm;
  if (IsTooCostly(*hash)) return HashFault::kTooCostly;
  if (IsTooWeak(*hash)) return HashFault::kTooWeak;
  return std::nullopt;
}

constexpr std::array<std::string_view, 1> argon2id_prefixes = {argon2id_prefix};

// The sentences have the numbers in words.
static_assert(limits::argon2id_memory_kib_min == 7168 && limits::argon2id_passed_kib_min == 35840);
static_assert(limits::argon2id_memory_kib_max == 131072 && limits::argon2id_iterations_max == 10 &&
              limits::argon2id_passed_kib_max == 524288 && limits::argon2id_parallelism_max == 16);
static_assert(limits::argon2id_salt_bytes_min == 8 && limits::argon2id_salt_bytes_max == 64 &&
              limits::argon2id_hash_bytes_min == 16 && limits::argon2id_hash_bytes_max == 64);
static_assert(limits::bcrypt_cost_min == 10 && limits::bcrypt_cost_max == 14);

const std::array<HashScheme, 2> schemes = {{
    {"argon2id", argon2id_prefixes,
     [](std::string_view text) { return FaultOf(ReadArgon2idHash(text)); },
     "$argon2id$v=19$m=...,t=...,p=...$salt$hash, with a salt of 8 to 64 bytes and a hash of 16 to "
     "64, in base64 without padding",
     "m=7168, and m times t 35840", "m=131072, t=10, m times t 524288, p=16"},
    {"bcrypt", bcrypt_prefixes, [](std::string_view text) { return FaultOf(ReadBcryptHash(text)); },
     "$2b$ (or $2a$, $2y$), two digits of cost, $ and 53 characters, 60 in all", "cost 10",
     "cost 14"},
}};

}  // namespace

std::span<const HashScheme> HashSchemes() { return schemes; }

std::variant<ImportedHash, HashRefusal> ImportedHashReader::Read(std::string_view text) {
  for (const HashScheme& scheme : schemes) {
    const auto begins_text = [text](std::string_view prefix) { return text.starts_with(prefix); };
    if (std::ranges::none_of(scheme.prefixes, begins_text)) continue;
    if (const auto fault = scheme.fault_of(text)) return HashRefusal{*fault, &scheme};
    return ImportedHash(text);
  }
  return HashRefusal();
}

}  // namespace provisioning
