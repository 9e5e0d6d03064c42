// SPDX-License-Identifier: Apache-2.0
#include "service/credential/argon2id.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "service/hash_format/argon2id_hash.h"

namespace provisioning {
namespace {

constexpr std::size_t hash_bytes = 32;

static_assert(crypto_pwhash_SALTBYTES == 16);

// Picks the fastest implementation that this processor has.
void InitSodiumOnce() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
}

constexpr std::size_t Bytes(std::uint32_t kib) { return static_cast<std::size_t>(kib) << 10; }

// libsodium takes no null pointer, not even for an empty password.
const char* Data(std::string_view password) { return password.empty() ? "" : password.data(); }

}  // namespace

std::optional<std::string> Argon2idPhc(const HashCost& cost, std::string_view password) {
  InitSodiumOnce();
  std::array<char, crypto_pwhash_STRBYTES> phc;
  const int failed = crypto_pwhash_str_alg(
      phc.data(), Data(password), password.size(), static_cast<unsigned long long>(cost.iterations),
      Bytes(static_cast<std::uint32_t>(cost.memory_kib)), crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) return std::nullopt;
  return std::string(phc.data());
}

bool IsArgon2idPhcOf(const HashCost& cost, std::string_view text) {
  const Argon2idHash made{static_cast<std::uint32_t>(cost.memory_kib),
                          static_cast<std::uint32_t>(cost.iterations), 1, crypto_pwhash_SALTBYTES,
                          hash_bytes};
  return ReadArgon2idHash(text) == made;
}

// libsodium parses the text a second time; it is the only one of its hash by
// then, so it cannot be read differently. crypto_pwhash itself knows neither
// lanes nor other salts.
bool VerifyArgon2id(std::string_view text, std::string_view password) {
  const std::optional<Argon2idHash> hash = ReadArgon2idHash(text);
  if (!hash || IsTooCostly(*hash)) return false;
  InitSodiumOnce();
  return crypto_pwhash_str_verify(std::string(text).c_str(), Data(password), password.size()) == 0;
}

}  // namespace provisioning
