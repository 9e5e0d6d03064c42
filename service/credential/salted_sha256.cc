// SPDX-License-Identifier: Apache-2.0
#include "service/credential/salted_sha256.h"

#include <openssl/crypto.h>

namespace provisioning {

Sha256Digest SaltedSha256(std::span<const std::uint8_t> salt, std::string_view message) {
  return Sha256({reinterpret_cast<const char*>(salt.data()), salt.size()}, message);
}

std::string SaltedSha256Phc(std::span<const std::uint8_t, salted_sha256_salt_bytes> salt,
                            std::string_view message) {
  constexpr std::size_t phc_bytes = 15 + 22 + 1 + 43;
  std::string phc;
  phc.reserve(phc_bytes);
  phc += '$';
  phc += salted_sha256_scheme;
  phc += '$';
  AppendBase64(salt, phc);
  phc += '$';
  AppendBase64(SaltedSha256(salt, message), phc);
  return phc;
}

bool VerifySaltedSha256(const PhcString& phc, std::string_view message) {
  if (phc.scheme != salted_sha256_scheme || phc.version.has_value() || !phc.parameters.empty() ||
      phc.salt.size() != salted_sha256_salt_bytes || phc.hash.size() != Sha256Digest().size()) {
    return false;
  }
  const Sha256Digest digest = SaltedSha256(
      {reinterpret_cast<const std::uint8_t*>(phc.salt.data()), phc.salt.size()}, message);
  return CRYPTO_memcmp(digest.data(), phc.hash.data(), digest.size()) == 0;
}

}  // namespace provisioning
