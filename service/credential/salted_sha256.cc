// SPDX-License-Identifier: Apache-2.0
#include "service/credential/salted_sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace provisioning {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Looking the algorithm up costs more than the digest of a password.
const EVP_MD* Sha256() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return sha256;
}

}  // namespace

Sha256Digest SaltedSha256(std::span<const std::uint8_t> salt, std::string_view message) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Sha256Digest digest;
  const bool done = context != nullptr &&
                    EVP_DigestInit_ex2(context.get(), Sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), salt.data(), salt.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
                    // It wipes the context's block, which has the message in it.
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  // An OpenSSL without SHA-256: whatever came out must not become a credential.
  if (!done) std::abort();
  return digest;
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
