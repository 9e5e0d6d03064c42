// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/text_columns.h"

#include <utf8proc.h>

#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view ellipsis = "\u2026";

bool IsUnsafe(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;  // C0, DEL, C1.
  if (c == 0x2028 || c == 0x2029) return true;           // Line and paragraph separator.
  // What embeds, overrides or isolates a direction of writing.
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string Visible(std::string_view bytes, bool keep_line_ends) {
  std::string text;
  while (!bytes.empty()) {
    const char32_t c = TakeCodePoint(bytes);
    const bool kept = (c == '\n' && keep_line_ends) || !IsUnsafe(c);
    AppendCodePoint(kept ? c : replacement, text);
  }
  return text;
}

std::size_t ColumnsOfCharacter(char32_t c) {
  const int columns = utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
  return columns > 0 ? static_cast<std::size_t>(columns) : 0;
}

}  // namespace

std::string TerminalText(std::string_view bytes) { return Visible(bytes, true); }

std::string TerminalLine(std::string_view bytes) { return Visible(bytes, false); }

std::size_t ColumnsOf(std::string_view utf8) {
  std::size_t columns = 0;
  while (!utf8.empty()) columns += ColumnsOfCharacter(TakeCodePoint(utf8));
  return columns;
}

std::string Shortened(std::string_view utf8, std::size_t columns) {
  if (ColumnsOf(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return "";
  std::string_view rest = utf8;
  std::size_t kept = 0;
  std::size_t taken = 0;
  while (!rest.empty()) {
    taken += ColumnsOfCharacter(TakeCodePoint(rest));
    if (taken > columns - 1) break;
    kept = utf8.size() - rest.size();
  }
  return std::string(utf8.substr(0, kept)) + std::string(ellipsis);
}

}  // namespace provisioning
