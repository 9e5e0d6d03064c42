// SPDX-License-Identifier: Apache-2.0
#include "service/rules/opaque_string.h"

#include <algorithm>
#include <span>

#include "service/model/limits.h"
#include "service/rules/characters.h"
#include "service/rules/code_points.h"
#include "service/rules/freeform_class.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// Preparation shrinks no text to less than a third of its bytes.
constexpr std::size_t given_bytes_max = std::size_t{4} * limits::password_bytes_max;

bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

// Of the white space of Unicode, all that is neither a control nor a line end
// is of category Zs.
void MapSpaces(std::span<char32_t> text) {
  for (char32_t& point : text) {
    if (point >= 0x80 && IsWhiteSpace(point) && !IsControl(point)) point = U' ';
  }
}

void PrepareUnicode(std::string_view given, OpaqueString& prepared) {
  CodePoints text(given);
  MapSpaces(text.span());
  prepared.characters = text.size();
  prepared.control_character = std::ranges::any_of(text.span(), IsControl);
  std::ranges::replace_if(text.span(), IsControl, U'?');
  prepared.forbidden_character = !IsFreeform(text.span());
  prepared.too_long = text.size() > limits::password_characters_max;
  if (prepared.control_character || prepared.forbidden_character || prepared.too_long) return;
  prepared.text = text.ToSecretUtf8();
}

}  // namespace

OpaqueString PrepareOpaqueString(std::string_view given) {
  OpaqueString prepared;
  if (given.empty()) {
    prepared.empty = true;
  } else if (given.size() > given_bytes_max) {
    prepared.too_long = true;
  } else if (IsPlain(given)) {
    prepared.characters = given.size();
    prepared.too_long = given.size() > limits::password_characters_max;
    if (!prepared.too_long) prepared.text = SecretString(given);
  } else if (!IsUtf8(given)) {
    prepared.invalid_utf8 = true;
  } else {
    PrepareUnicode(given, prepared);
  }
  return prepared;
}

}  // namespace provisioning
