// SPDX-License-Identifier: Apache-2.0
#include "service/rules/freeform_class.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "service/rules/joining_type.h"

namespace provisioning {
namespace {

constexpr int virama_class = 9;

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range greek[] = {
    {0x370, 0x373},     {0x375, 0x377},     {0x37A, 0x37D},    {0x37F, 0x37F},   {0x384, 0x384},
    {0x386, 0x386},     {0x388, 0x3E1},     {0x3F0, 0x3FF},    {0x1D26, 0x1D2A}, {0x1D5D, 0x1D61},
    {0x1D66, 0x1D6A},   {0x1DBF, 0x1DBF},   {0x1F00, 0x1FFE},  {0x2126, 0x2126}, {0xAB65, 0xAB65},
    {0x10140, 0x1018E}, {0x101A0, 0x101A0}, {0x1D200, 0x1D245}};

constexpr Range hebrew[] = {{0x591, 0x5C7}, {0x5D0, 0x5EA}, {0x5EF, 0x5F4}, {0xFB1D, 0xFB4F}};

constexpr Range kana_or_han[] = {
    {0x2E80, 0x2FD5},   {0x3005, 0x3005},   {0x3007, 0x3007},   {0x3021, 0x3029},
    {0x3038, 0x303B},   {0x3041, 0x3096},   {0x309D, 0x309F},   {0x30A1, 0x30FA},
    {0x30FD, 0x30FF},   {0x31F0, 0x31FF},   {0x32D0, 0x32FE},   {0x3300, 0x3357},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAD9},   {0xFF66, 0xFF6F},
    {0xFF71, 0xFF9D},   {0x16FE2, 0x16FE3}, {0x16FF0, 0x16FF1}, {0x1AFF0, 0x1B167},
    {0x1F200, 0x1F200}, {0x20000, 0x3FFFD}};

// RFC 8264, 9.6 (F), the disallowed ones.
constexpr Range exceptions_disallowed[] = {
    {0x640, 0x640}, {0x7FA, 0x7FA}, {0x302E, 0x302F}, {0x3031, 0x3035}, {0x303B, 0x303B}};

// RFC 8264, 9.9 (I).
constexpr Range old_hangul_jamo[] = {{0x1100, 0x11FF}, {0xA960, 0xA97C}, {0xD7B0, 0xD7FB}};

constexpr Range arabic_indic_digits = {0x660, 0x669};
constexpr Range extended_arabic_indic_digits = {0x6F0, 0x6F9};

bool IsIn(const Range& range, char32_t point) {
  return point >= range.first && point <= range.last;
}

bool IsIn(std::span<const Range> ranges, char32_t point) {
  return std::ranges::any_of(ranges, [&](const Range& range) { return IsIn(range, point); });
}

bool IsAnyIn(std::span<const char32_t> text, const auto& ranges) {
  return std::ranges::any_of(text, [&](char32_t point) { return IsIn(ranges, point); });
}

const utf8proc_property_t* PropertyOf(char32_t point) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(point));
}

// RFC 5892, A.1, the second rule: between characters that join.
bool IsBetweenJoining(std::span<const char32_t> text, std::size_t index) {
  std::size_t before = index;
  while (before > 0 && IsTransparentToJoining(text[before - 1])) --before;
  std::size_t after = index + 1;
  while (after < text.size() && IsTransparentToJoining(text[after])) ++after;
  return before > 0 && JoinsFollowing(text[before - 1]) && after < text.size() &&
         JoinsPreceding(text[after]);
}

// RFC 5892, A.3 to A.9; nothing: no rule is about this character.
std::optional<bool> IsInContext(std::span<const char32_t> text, std::size_t index) {
  const char32_t point = text[index];
  const bool has_next = index + 1 < text.size();
  switch (point) {
    case 0xB7:
      return index > 0 && has_next && text[index - 1] == 'l' && text[index + 1] == 'l';
    case 0x375:
      return has_next && IsIn(greek, text[index + 1]);
    case 0x5F3:
    case 0x5F4:
      return index > 0 && IsIn(hebrew, text[index - 1]);
    case 0x30FB:
      return IsAnyIn(text, std::span(kana_or_han));
    case 0x200C:
    case 0x200D:
      return IsJoinerInContext(text, index);
    default:
      if (IsIn(arabic_indic_digits, point)) return !IsAnyIn(text, extended_arabic_indic_digits);
      if (IsIn(extended_arabic_indic_digits, point)) return !IsAnyIn(text, arabic_indic_digits);
      return std::nullopt;
  }
}

// RFC 8264, 8, as far as it has no context.
bool IsFreeformAlone(char32_t point) {
  if (IsIn(exceptions_disallowed, point) || IsIn(old_hangul_jamo, point)) return false;
  const auto* property = PropertyOf(point);
  if (property->ignorable) return false;
  switch (property->category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

}  // namespace

bool IsJoinerInContext(std::span<const char32_t> text, std::size_t index) {
  if (index > 0 && PropertyOf(text[index - 1])->combining_class == virama_class) return true;
  return text[index] == 0x200C && IsBetweenJoining(text, index);
}

bool IsFreeform(std::span<const char32_t> text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] >= 0x20 && text[i] < 0x7F) continue;
    const std::optional<bool> in_context = IsInContext(text, i);
    if (in_context ? !*in_context : !IsFreeformAlone(text[i])) return false;
  }
  return true;
}

}  // namespace provisioning
