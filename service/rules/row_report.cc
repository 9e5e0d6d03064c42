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

// A longer part of a password in a quotation gives it away; a shorter password
// is none that the rules accept.
constexpr std::size_t secret_part_bytes = 6;
constexpr std::size_t secret_part_bytes_min = 4;

// Too long for any that is accepted, and to be searched for.
constexpr std::size_t searched_secret_bytes_max = std::size_t{4} * limits::password_bytes_max;

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

bool SharesPart(std::string_view shown, std::string_view secret) {
  if (secret.size() < secret_part_bytes_min) return false;
  if (secret.size() > searched_secret_bytes_max) return true;
  const std::size_t part = std::min(secret.size(), secret_part_bytes);
  for (std::size_t i = 0; i + part <= shown.size(); ++i) {
    if (secret.find(shown.substr(i, part)) != std::string_view::npos) return true;
  }
  // A short cell that is a piece of the secret as a whole.
  return shown.size() < part && shown.size() >= secret_part_bytes_min &&
         secret.find(shown) != std::string_view::npos;
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
  if (SharesSecretPart(shown)) return "This value";
  std::string quoted = "\"";
  for (std::string_view rest = shown; !rest.empty();) AppendVisibly(TakeCodePoint(rest), quoted);
  if (shown.size() < cell.size()) quoted += "...";
  quoted += '"';
  return quoted;
}

bool RowReport::SharesSecretPart(std::string_view shown) const {
  return std::ranges::any_of(secrets_, [shown](const SecretString* secret) {
    return SharesPart(shown, secret->Reveal());
  });
}

FieldIssue RowReport::MakeIssue(Column column, FieldIssueCode code, std::string message,
                                std::string suggestion) const {
  const bool holds_secret = std::ranges::any_of(secrets_, [&suggestion](const auto* secret) {
    return secret->size() >= limits::password_characters_min &&
           suggestion.find(secret->Reveal()) != std::string::npos;
  });
  if (suggestion.size() > limits::suggestion_bytes_max || holds_secret) suggestion.clear();
  return {std::string(ColumnName(column)), code, std::move(message), std::move(suggestion)};
}

}  // namespace provisioning
