// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/bcrypt_hash.h"

#include <algorithm>

#include "service/model/limits.h"

namespace provisioning {
namespace {

// bcrypt's own order.
constexpr std::string_view base64_alphabet =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t prefix_bytes = 4;
// 31 characters have 186 bits, and the hash 184.
constexpr std::size_t spare_hash_bits_mask = 3;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsBase64(std::string_view text) {
  return text.find_first_not_of(base64_alphabet) == std::string_view::npos;
}

}  // namespace

std::optional<BcryptHash> ReadBcryptHash(std::string_view text) {
  if (text.size() != bcrypt_hash_bytes ||
      std::ranges::find(bcrypt_prefixes, text.substr(0, prefix_bytes)) == bcrypt_prefixes.end() ||
      !IsDigit(text[4]) || !IsDigit(text[5]) || text[6] != '$' || !IsBase64(text.substr(7)) ||
      (base64_alphabet.find(text.back()) & spare_hash_bits_mask) != 0) {
    return std::nullopt;
  }
  return BcryptHash{(text[4] - '0') * 10 + (text[5] - '0')};
}

bool IsTooWeak(const BcryptHash& hash) { return hash.cost < limits::bcrypt_cost_min; }

bool IsTooCostly(const BcryptHash& hash) { return hash.cost > limits::bcrypt_cost_max; }

}  // namespace provisioning
