// SPDX-License-Identifier: Apache-2.0
#include "service/credential/argon2id.h"

#include <openssl/crypto.h>
#include <sodium.h>

#include <array>
#include <cstdlib>

#include "service/model/secret_array.h"

namespace provisioning {
namespace {

constexpr std::uint32_t version = 0x13;
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

bool InBounds(const PhcString& phc) {
  if (phc.scheme != argon2id_scheme || phc.version != version || phc.parameters.size() != 3) {
    return false;
  }
  const PhcParameter& m = phc.parameters[0];
  const PhcParameter& t = phc.parameters[1];
  return m.name == "m" && m.value <= argon2id_memory_kib_max && t.name == "t" &&
         t.value <= argon2id_iterations_max && phc.parameters[2] == PhcParameter{"p", 1} &&
         phc.salt.size() == crypto_pwhash_SALTBYTES && phc.hash.size() == hash_bytes;
}

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

// Hashes with the numbers that were checked, instead of having the text parsed a
// second time by somebody who may read it differently.
bool VerifyArgon2id(const PhcString& phc, std::string_view password) {
  if (!InBounds(phc)) return false;
  InitSodiumOnce();
  SecretArray<unsigned char, hash_bytes> hash;
  const int failed = crypto_pwhash(hash.data(), hash.size(), Data(password), password.size(),
                                   reinterpret_cast<const unsigned char*>(phc.salt.data()),
                                   phc.parameters[1].value, Bytes(phc.parameters[0].value),
                                   crypto_pwhash_ALG_ARGON2ID13);
  return failed == 0 && CRYPTO_memcmp(hash.data(), phc.hash.data(), hash.size()) == 0;
}

}  // namespace provisioning
