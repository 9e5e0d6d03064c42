// SPDX-License-Identifier: Apache-2.0
#include "service/rules/utf8.h"

#include <utf8proc.h>

#include <cstdint>
#include <cstring>

#include "service/rules/characters.h"

namespace provisioning {
namespace {

constexpr char32_t replacement = 0xFFFD;

// The first character's length, or 0 if it is none.
std::size_t Decode(std::string_view bytes, char32_t& code_point) {
  utf8proc_int32_t value = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                       static_cast<utf8proc_ssize_t>(bytes.size()), &value);
  if (length <= 0) return 0;
  code_point = static_cast<char32_t>(value);
  return static_cast<std::size_t>(length);
}

}  // namespace

bool IsAscii(std::string_view bytes) {
  std::uint64_t seen = 0;
  while (bytes.size() >= sizeof(seen)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof(word));
    seen |= word;
    bytes.remove_prefix(sizeof(word));
  }
  for (const char c : bytes) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080808080808080) == 0;
}

bool IsUtf8(std::string_view bytes) { return ValidUtf8Prefix(bytes) == bytes.size(); }

std::size_t ValidUtf8Prefix(std::string_view bytes) {
  if (IsAscii(bytes)) return bytes.size();
  std::string_view rest = bytes;
  while (!rest.empty()) {
    char32_t code_point = 0;
    const std::size_t length = Decode(rest, code_point);
    if (length == 0) break;
    rest.remove_prefix(length);
  }
  return bytes.size() - rest.size();
}

std::string ByteText(char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', digits[value >> 4], digits[value & 15]};
}

char32_t TakeCodePoint(std::string_view& utf8) {
  char32_t code_point = replacement;
  const std::size_t length = Decode(utf8, code_point);
  utf8.remove_prefix(length == 0 ? 1 : length);
  return code_point;
}

void AppendCodePoint(char32_t code_point, std::string& utf8) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  utf8.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

std::size_t PrefixLength(std::string_view utf8, std::size_t bytes_max) {
  if (utf8.size() <= bytes_max) return utf8.size();
  std::size_t length = bytes_max;
  while (length > 0 && (static_cast<unsigned char>(utf8[length]) & 0xC0) == 0x80) --length;
  return length;
}

std::string VisibleText(std::string_view bytes, std::size_t bytes_max) {
  std::string text;
  while (!bytes.empty() && text.size() <= bytes_max) {
    const char32_t code_point = TakeCodePoint(bytes);
    AppendCodePoint(IsControl(code_point) ? replacement : code_point, text);
  }
  text.resize(PrefixLength(text, bytes_max));
  return text;
}

}  // namespace provisioning
