// SPDX-License-Identifier: Apache-2.0
// A string that must not be seen: a password on its way to the hash.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace provisioning {

// Holds its bytes in one heap block that never moves and is wiped when it goes.
// It cannot be copied, compared or printed by accident: Reveal() is the only
// way to the bytes, so that every reader can be found by its name.
//
// Whoever copies a password out of another buffer wipes that buffer:
// SecretString::TakeFrom does both.
class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string_view bytes);
  // An empty `bytes` is left behind, its memory wiped.
  static SecretString TakeFrom(std::string& bytes);

  SecretString(SecretString&& other) noexcept;
  SecretString& operator=(SecretString&& other) noexcept;
  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;
  ~SecretString();

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // Valid until this object changes or goes.
  std::string_view Reveal() const { return {bytes_.get(), size_}; }
  SecretString Clone() const { return SecretString(Reveal()); }

 private:
  void Wipe();

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

// Overwrites `bytes` and leaves it empty.
void WipeString(std::string& bytes);

}  // namespace provisioning
