// SPDX-License-Identifier: Apache-2.0
#include "service/model/secret_string.h"

#include <string.h>

#include <cstring>
#include <utility>

namespace provisioning {

SecretString::SecretString(std::string_view bytes) : size_(bytes.size()) {
  if (size_ == 0) return;
  bytes_ = std::make_unique<char[]>(size_);
  std::memcpy(bytes_.get(), bytes.data(), size_);
}

SecretString SecretString::TakeFrom(std::string& bytes) {
  SecretString secret(bytes);
  WipeString(bytes);
  return secret;
}

SecretString::SecretString(SecretString&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretString::~SecretString() { Wipe(); }

void SecretString::Wipe() {
  if (size_ != 0) explicit_bzero(bytes_.get(), size_);
}

void WipeString(std::string& bytes) {
  // The capacity, not only the size: an earlier, longer value may stand there.
  bytes.resize(bytes.capacity());
  explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

}  // namespace provisioning
