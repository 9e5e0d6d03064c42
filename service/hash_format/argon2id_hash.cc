// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/argon2id_hash.h"

#include "service/hash_format/phc_string.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

constexpr std::string_view scheme = "argon2id";
constexpr std::uint32_t version = 0x13;

bool IsBetween(std::size_t value, std::size_t min, std::size_t max) {
  return value >= min && value <= max;
}

// What the time of a hash is proportional to.
std::uint64_t PassedKib(const Argon2idHash& hash) {
  return std::uint64_t{hash.memory_kib} * hash.iterations;
}

}  // namespace

std::optional<Argon2idHash> ReadArgon2idHash(std::string_view text) {
  const std::optional<PhcString> phc = ParsePhcString(text);
  if (!phc || phc->scheme != scheme || phc->version != version || phc->parameters.size() != 3) {
    return std::nullopt;
  }
  const PhcParameter& m = phc->parameters[0];
  const PhcParameter& t = phc->parameters[1];
  const PhcParameter& p = phc->parameters[2];
  if (m.name != "m" || t.name != "t" || p.name != "p" || t.value == 0 || p.value == 0 ||
      // Argon2's own minimum: eight blocks for each lane.
      m.value / 8 < p.value ||
      !IsBetween(phc->salt.size(), limits::argon2id_salt_bytes_min,
                 limits::argon2id_salt_bytes_max) ||
      !IsBetween(phc->hash.size(), limits::argon2id_hash_bytes_min,
                 limits::argon2id_hash_bytes_max)) {
    return std::nullopt;
  }
  return Argon2idHash{m.value, t.value, p.value, phc->salt.size(), phc->hash.size()};
}

bool IsTooWeak(const Argon2idHash& hash) {
  return hash.memory_kib < limits::argon2id_memory_kib_min ||
         PassedKib(hash) < limits::argon2id_passed_kib_min;
}

bool IsTooCostly(const Argon2idHash& hash) {
  return hash.memory_kib > limits::argon2id_memory_kib_max ||
         hash.iterations > limits::argon2id_iterations_max ||
         PassedKib(hash) > limits::argon2id_passed_kib_max ||
         hash.parallelism > limits::argon2id_parallelism_max;
}

}  // namespace provisioning
