// SPDX-License-Identifier: Apache-2.0
#include "service/rules/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr char32_t byte_order_mark = 0xFEFF;

utf8proc_category_t CategoryOf(char32_t code_point) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
}

bool IsTrimmed(char32_t code_point) {
  return IsWhiteSpace(code_point) || code_point == byte_order_mark;
}

bool IsPlainEdge(char c) { return c > ' ' && c < 0x7F; }

std::size_t LastCharacterStart(std::string_view bytes) {
  const std::size_t earliest = bytes.size() - std::min<std::size_t>(bytes.size(), 4);
  std::size_t start = bytes.size() - 1;
  while (start > earliest && (static_cast<unsigned char>(bytes[start]) & 0xC0) == 0x80) --start;
  return start;
}

}  // namespace

bool IsWhiteSpace(char32_t code_point) {
  if (code_point < 0x80) return code_point == ' ' || (code_point >= 0x9 && code_point <= 0xD);
  return code_point == 0x85 || code_point == 0xA0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x2028 ||
         code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F ||
         code_point == 0x3000;
}

bool IsControl(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
         code_point == 0x2029;
}

bool IsUnassigned(char32_t code_point) { return CategoryOf(code_point) == UTF8PROC_CATEGORY_CN; }

bool IsInvisible(char32_t code_point) {
  if (code_point < 0x80) return false;
  const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(code_point));
  return property->ignorable || property->category == UTF8PROC_CATEGORY_CF;
}

bool IsDigit(char32_t code_point) {
  if (code_point < 0x80) return code_point >= '0' && code_point <= '9';
  return CategoryOf(code_point) == UTF8PROC_CATEGORY_ND;
}

char32_t ToLower(char32_t code_point) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code_point)));
}

std::string_view TrimWhiteSpace(std::string_view bytes) {
  while (!bytes.empty() && !IsPlainEdge(bytes.front())) {
    std::string_view rest = bytes;
    if (!IsTrimmed(TakeCodePoint(rest))) break;
    bytes = rest;
  }
  while (!bytes.empty() && !IsPlainEdge(bytes.back())) {
    const std::size_t start = LastCharacterStart(bytes);
    std::string_view last = bytes.substr(start);
    if (!IsTrimmed(TakeCodePoint(last)) || !last.empty()) break;
    bytes = bytes.substr(0, start);
  }
  return bytes;
}

}  // namespace provisioning
