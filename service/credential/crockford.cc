// SPDX-License-Identifier: Apache-2.0
#include "service/credential/crockford.h"

#include <string_view>

namespace provisioning {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t group_digits = 5;
constexpr std::size_t group_count = 5;  // The last one takes the digit that is left over.

static_assert(alphabet.size() == 32);
static_assert(crockford_random_bytes * 8 >= crockford_digits * 5);
static_assert(crockford_grouped_bytes == crockford_digits + group_count - 1);

constexpr char no_digit = '\0';

constexpr char ReadDigit(char typed) {
  const char upper = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - 'a' + 'A') : typed;
  if (upper == 'O') return '0';
  if (upper == 'I' || upper == 'L') return '1';
  return alphabet.find(upper) != std::string_view::npos ? upper : no_digit;
}

}  // namespace

CrockfordDigits EncodeCrockford(std::span<const std::uint8_t, crockford_random_bytes> bytes) {
  CrockfordDigits digits;
  std::uint32_t bits = 0;
  int bit_count = 0;
  std::size_t next = 0;
  for (char& digit : digits) {
    if (bit_count < 5) {
      bits = bits << 8 | bytes[next++];
      bit_count += 8;
    }
    bit_count -= 5;
    digit = alphabet[bits >> bit_count & 31];
  }
  return digits;
}

GroupedCrockfordDigits GroupCrockford(const CrockfordDigits& digits) {
  GroupedCrockfordDigits grouped;
  std::size_t size = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && i % group_digits == 0 && i / group_digits < group_count) grouped[size++] = '-';
    grouped[size++] = digits[i];
  }
  return grouped;
}

std::optional<CrockfordDigits> ReadCrockford(std::string_view typed) {
  CrockfordDigits digits;
  std::size_t size = 0;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char digit = ReadDigit(c);
    if (digit == no_digit || size == digits.size()) return std::nullopt;
    digits[size++] = digit;
  }
  if (size != digits.size()) return std::nullopt;
  return digits;
}

}  // namespace provisioning
