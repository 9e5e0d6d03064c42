// SPDX-License-Identifier: Apache-2.0
#include "service/credential/bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <string>

#include "service/hash_format/bcrypt_hash.h"
#include "service/model/secret_array.h"

namespace provisioning {
namespace {

struct WipeAndDelete {
  void operator()(crypt_data* data) const {
    OPENSSL_cleanse(data, sizeof(*data));
    delete data;
  }
};

}  // namespace

bool VerifyBcrypt(std::string_view text, std::string_view password) {
  const std::optional<BcryptHash> hash = ReadBcryptHash(text);
  if (!hash || IsTooCostly(*hash) || password.find('\0') != std::string_view::npos) return false;
  // libxcrypt takes no password of 512 bytes or more.
  SecretArray<char, bcrypt_password_bytes + 1> read;
  std::ranges::copy(password.substr(0, bcrypt_password_bytes), read.begin());
  const std::unique_ptr<crypt_data, WipeAndDelete> data(new crypt_data());
  const std::string setting(text);
  const char* const made =
      crypt_rn(read.data(), setting.c_str(), data.get(), static_cast<int>(sizeof(crypt_data)));
  // The salt is not compared: libxcrypt clears the bits that it has no use for.
  return made != nullptr && std::string_view(made).size() == bcrypt_hash_bytes &&
         CRYPTO_memcmp(made + bcrypt_setting_bytes, text.data() + bcrypt_setting_bytes,
                       bcrypt_hash_bytes - bcrypt_setting_bytes) == 0;
}

}  // namespace provisioning
