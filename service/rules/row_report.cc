// SPDX-License-Identifier: Apache-2.0
#include "service/rules/row_report.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "service/model/limits.h"
#include "service/rules/characters.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr int quoted_characters_max = 40;

// A longer part of the password in a quotation gives it away; a shorter
// password is none that the rules accept.
constexpr std::size_t password_part_bytes = 6;
constexpr std::size_t password_part_bytes_min = 4;

// Too long for any password that is accepted, and to be searched for.
constexpr std::size_t searched_password_bytes_max = std::size_t{4} * limits::password_bytes_max;

std::string_view FirstCharacters(std::string_view cell, int characters_max) {
  std::string_view rest = cell;
  for (int i = 0; i < characters_max && !rest.empty(); ++i) TakeCodePoint(rest);
  return cell.substr(0, cell.size() - rest.size());
}

void AppendVisibly(char32_t point, std::string& text) {
  if (!IsControl(point) && !IsInvisible(point) && !IsUnassigned(point)) {
    AppendCodePoint(point, text);
    return;
  }
  char escape[16];
  const int length =
      std::snprintf(escape, sizeof(escape), "\\u{%X}", static_cast<unsigned int>(point));
  text.append(escape, static_cast<std::size_t>(length));
}

}  // namespace

void RowReport::Reject(Column column, FieldIssueCode code, std::string message,
                       std::string suggestion) {
  violations_.push_back(MakeIssue(column, code, std::move(message), std::move(suggestion)));
}

void RowReport::Warn(Column column, FieldIssueCode code, std::string message,
                     std::string suggestion) {
  warnings_.push_back(MakeIssue(column, code, std::move(message), std::move(suggestion)));
}

std::string RowReport::Quote(std::string_view cell) const {
  const std::string_view shown = FirstCharacters(cell, quoted_characters_max);
  if (SharesPasswordPart(shown)) return "This value";
  std::string quoted = "\"";
  for (std::string_view rest = shown; !rest.empty();) AppendVisibly(TakeCodePoint(rest), quoted);
  if (shown.size() < cell.size()) quoted += "...";
  quoted += '"';
  return quoted;
}

bool RowReport::SharesPasswordPart(std::string_view shown) const {
  const std::string_view password = password_.Reveal();
  if (password.size() < password_part_bytes_min) return false;
  if (password.size() > searched_password_bytes_max) return true;
  const std::size_t part = std::min(password.size(), password_part_bytes);
  for (std::size_t i = 0; i + part <= shown.size(); ++i) {
    if (password.find(shown.substr(i, part)) != std::string_view::npos) return true;
  }
  // A short cell that is a piece of the password as a whole.
  return shown.size() < part && shown.size() >= password_part_bytes_min &&
         password.find(shown) != std::string_view::npos;
}

FieldIssue RowReport::MakeIssue(Column column, FieldIssueCode code, std::string message,
                                std::string suggestion) const {
  const std::string_view password = password_.Reveal();
  const bool holds_password = password.size() >= limits::password_characters_min &&
                              suggestion.find(password) != std::string::npos;
  if (suggestion.size() > limits::suggestion_bytes_max || holds_password) suggestion.clear();
  return {std::string(ColumnName(column)), code, std::move(message), std::move(suggestion)};
}

}  // namespace provisioning
