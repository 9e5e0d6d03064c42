// SPDX-License-Identifier: Apache-2.0
#include "service/credential/fingerprint.h"

#include <sodium.h>

#include <cstring>

#include "service/model/random_bytes.h"

namespace provisioning {

static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16);
static_assert(crypto_shorthash_siphashx24_BYTES == 16);

Fingerprint::Fingerprint() { FillRandom(key_); }

absl::uint128 Fingerprint::Of(std::string_view text) const {
  std::array<std::uint8_t, crypto_shorthash_siphashx24_BYTES> bytes;
  crypto_shorthash_siphashx24(bytes.data(), reinterpret_cast<const std::uint8_t*>(text.data()),
                              text.size(), key_.data());
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), bytes.data(), sizeof(words));
  return absl::MakeUint128(words[0], words[1]);
}

}  // namespace provisioning
