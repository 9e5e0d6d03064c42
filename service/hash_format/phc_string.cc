// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/phc_string.h"

#include <algorithm>
#include <charconv>

namespace provisioning {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t end = text.find(separator);
    fields.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

std::optional<PhcParameter> ParseParameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, equals);
  const std::optional<std::uint32_t> value = ParseNumber(text.substr(equals + 1));
  if (!IsName(name) || !value.has_value()) return std::nullopt;
  return PhcParameter{std::string(name), *value};
}

std::optional<std::vector<PhcParameter>> ParseParameters(std::string_view text) {
  std::vector<PhcParameter> parameters;
  for (const std::string_view field : Split(text, ',')) {
    std::optional<PhcParameter> parameter = ParseParameter(field);
    if (!parameter.has_value()) return std::nullopt;
    parameters.push_back(*std::move(parameter));
  }
  return parameters;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const std::size_t value = base64_alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    bytes += static_cast<char>(bits >> bit_count);
    bits &= (1u << bit_count) - 1;
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<PhcString> ParsePhcString(std::string_view text) {
  if (text.size() > phc_bytes_max || !text.starts_with('$')) return std::nullopt;
  const std::vector<std::string_view> fields = Split(text.substr(1), '$');
  if (fields.size() < 3 || fields.size() > 5 || !IsName(fields[0])) return std::nullopt;

  PhcString phc;
  phc.scheme = fields[0];
  std::size_t next = 1;
  const std::size_t salt = fields.size() - 2;
  if (next < salt && fields[next].starts_with("v=")) {
    phc.version = ParseNumber(fields[next++].substr(2));
    if (!phc.version.has_value()) return std::nullopt;
  }
  if (next < salt) {
    std::optional<std::vector<PhcParameter>> parameters = ParseParameters(fields[next++]);
    if (!parameters.has_value()) return std::nullopt;
    phc.parameters = *std::move(parameters);
  }
  if (next != salt) return std::nullopt;

  std::optional<std::string> salt_bytes = DecodeBase64(fields[salt]);
  std::optional<std::string> hash_bytes = DecodeBase64(fields[salt + 1]);
  if (!salt_bytes.has_value() || !hash_bytes.has_value()) return std::nullopt;
  phc.salt = *std::move(salt_bytes);
  phc.hash = *std::move(hash_bytes);
  return phc;
}

void AppendBase64(std::span<const std::uint8_t> bytes, std::string& text) {
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (bit_count += 8; bit_count >= 6;) {
      bit_count -= 6;
      text += base64_alphabet[bits >> bit_count & 63];
    }
  }
  if (bit_count > 0) text += base64_alphabet[bits << (6 - bit_count) & 63];
}

}  // namespace provisioning
