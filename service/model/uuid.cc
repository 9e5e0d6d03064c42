// SPDX-License-Identifier: Apache-2.0
#include "service/model/uuid.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "service/model/random_bytes.h"

namespace provisioning {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

}  // namespace

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::array<std::uint8_t, size> bytes{};
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == '-') {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const std::size_t value = hex_digits.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    bytes[digits / 2] = static_cast<std::uint8_t>(bytes[digits / 2] << 4 | value);
    ++digits;
  }
  return Uuid(bytes);
}

std::optional<Uuid> Uuid::FromBytes(std::string_view bytes) {
  if (bytes.size() != size) return std::nullopt;
  Uuid uuid;
  std::memcpy(uuid.bytes_.data(), bytes.data(), size);
  return uuid;
}

Uuid Uuid::NewV7(absl::Time now) {
  Uuid uuid;
  auto& bytes = uuid.bytes_;
  FillRandom(std::span(bytes).last<8>());
  const std::int64_t micros = std::max<std::int64_t>(absl::ToUnixMicros(now), 0);
  const std::int64_t millis = micros / 1000;
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  // RFC 9562, 6.2, method 3: a fraction of the millisecond in rand_a.
  const auto fraction = static_cast<std::uint16_t>(micros % 1000 * 4096 / 1000);
  bytes[6] = static_cast<std::uint8_t>(0x70 | fraction >> 8);
  bytes[7] = static_cast<std::uint8_t>(fraction);
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  return uuid;
}

std::string Uuid::ToString() const {
  std::string text(pattern);
  int digits = 0;
  for (char& c : text) {
    if (c == '-') continue;
    const std::uint8_t byte = bytes_[digits / 2];
    c = hex_digits[digits % 2 == 0 ? byte >> 4 : byte & 0xf];
    ++digits;
  }
  return text;
}

}  // namespace provisioning
