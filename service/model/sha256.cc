// SPDX-License-Identifier: Apache-2.0
#include "service/model/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace provisioning {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Looking the algorithm up costs more than the digest of a password.
const EVP_MD* Algorithm() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return sha256;
}

}  // namespace

Sha256Digest Sha256(std::string_view first, std::string_view second) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Sha256Digest digest;
  const bool done = context != nullptr &&
                    EVP_DigestInit_ex2(context.get(), Algorithm(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
                    // It wipes the context's block, which has the message in it.
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  // An OpenSSL without SHA-256: whatever came out must not become a credential.
  if (!done) std::abort();
  return digest;
}

}  // namespace provisioning
