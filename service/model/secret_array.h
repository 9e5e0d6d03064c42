// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstddef>

namespace provisioning {

// Bytes on the stack that are wiped when they go: what a password is made of.
template <typename Byte, std::size_t N>
struct SecretArray : std::array<Byte, N> {
  SecretArray() : std::array<Byte, N>{} {}
  SecretArray(const SecretArray&) = default;
  SecretArray& operator=(const SecretArray&) = default;
  ~SecretArray() { OPENSSL_cleanse(this->data(), N); }
};

}  // namespace provisioning
