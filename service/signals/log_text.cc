// SPDX-License-Identifier: Apache-2.0
#include "service/signals/log_text.h"

#include "absl/strings/str_format.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// U+061C, U+200E and U+200F, U+202A to U+202E, U+2066 to U+2069.
bool SetsDirection(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool IsHarmless(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool ends_line = c == 0x2028 || c == 0x2029;
  return !is_control && !ends_line && c != '\\' && c != 0xFEFF && !SetsDirection(c);
}

void AppendEscaped(char32_t c, std::string& line) {
  switch (c) {
    case '\\':
      line += "\\\\";
      return;
    case '\n':
      line += "\\n";
      return;
    case '\r':
      line += "\\r";
      return;
    case '\t':
      line += "\\t";
      return;
    default:
      absl::StrAppendFormat(&line, c < 0x80 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(c));
  }
}

}  // namespace

std::string EscapeForLog(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  while (!text.empty()) {
    if (ValidUtf8Prefix(text.substr(0, 4)) == 0 && !IsAscii(text.substr(0, 1))) {
      absl::StrAppendFormat(&line, "\\x%02x", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    const std::string_view before = text;
    const char32_t c = TakeCodePoint(text);
    if (IsHarmless(c)) {
      line.append(before.substr(0, before.size() - text.size()));
    } else {
      AppendEscaped(c, line);
    }
  }
  return line;
}

}  // namespace provisioning
