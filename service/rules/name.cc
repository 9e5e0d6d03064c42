// SPDX-License-Identifier: Apache-2.0
#include "service/rules/name.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "service/model/limits.h"
#include "service/rules/cell.h"
#include "service/rules/characters.h"
#include "service/rules/code_points.h"
#include "service/rules/freeform_class.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

bool IsPlainLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == '-' || c == '\'' ||
         c == '.';
}

// There is nothing to say about most names.
bool IsPlainName(std::string_view text) {
  return !text.empty() && text.size() <= limits::name_characters_max && text.front() != ' ' &&
         text.back() != ' ' && std::ranges::all_of(text, IsPlainLetter);
}

// The planes of rare ideographs are kept for them, so a name may be ahead of
// this library's Unicode version there.
bool IsFutureIdeograph(char32_t point) {
  return point >= 0x20000 && point <= 0x3FFFD && (point & 0xFFFE) != 0xFFFE;
}

bool IsNoText(char32_t point) { return IsUnassigned(point) && !IsFutureIdeograph(point); }

// Joiners that shape the letters beside them, and selectors of an ideograph's
// variant, belong to the spelling of a name.
bool IsPartOfSpelling(std::span<const char32_t> text, std::size_t index) {
  const char32_t point = text[index];
  if (point == 0x200C || point == 0x200D) return IsJoinerInContext(text, index);
  return point >= 0xE0100 && point <= 0xE01EF && index > 0;
}

std::string WithoutInvisible(std::span<const char32_t> text) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsInvisible(text[i]) || IsPartOfSpelling(text, i)) AppendCodePoint(text[i], visible);
  }
  return std::string(TrimWhiteSpace(visible));
}

void WarnAboutName(Column column, std::span<const char32_t> text, const std::string& name,
                   RowReport& report) {
  if (std::ranges::any_of(text, [](char32_t point) { return point == '@' || IsDigit(point); })) {
    report.Warn(column, FieldIssueCode::kNameSuspicious,
                report.Quote(name) +
                    " has an @ or a digit in it: check that the columns have not slipped.");
  }
  std::string visible = WithoutInvisible(text);
  if (visible.size() < name.size()) {
    report.Warn(column, FieldIssueCode::kInvisibleCharacter,
                report.Quote(name) +
                    " has characters that cannot be seen: it will not be found by its spelling.",
                std::move(visible));
  }
}

void CheckNameText(Column column, std::span<const char32_t> text, const std::string& name,
                   RowReport& report) {
  if (std::ranges::all_of(text, IsInvisible)) {
    report.Reject(column, FieldIssueCode::kRequired,
                  "The cell has only characters that cannot be seen: every row needs a name.");
    return;
  }
  if (text.size() > limits::name_characters_max) {
    report.Reject(column, FieldIssueCode::kTooLong,
                  report.Quote(name) + " has " + std::to_string(text.size()) +
                      " characters: a name has at most " +
                      std::to_string(limits::name_characters_max) + ".");
  }
  if (std::ranges::any_of(text, IsNoText)) {
    report.Reject(column, FieldIssueCode::kUnassignedCharacter,
                  report.Quote(name) + " has a code in it that is no character: remove it.");
  }
  WarnAboutName(column, text, name, report);
}

}  // namespace

std::string CheckName(Column column, std::string cell, RowReport& report) {
  if (IsPlainName(cell)) return cell;
  const std::optional<std::string_view> text = ReadCell(column, cell, report);
  if (!text) return "";
  if (text->empty()) {
    ReportRequired(column, report);
    return "";
  }
  const CodePoints points(*text);
  std::string name = points.ToUtf8();
  if (IsFormula(name)) {
    ReportFormula(column, name, TrimWhiteSpace(TextInFormula(name)), report);
  } else {
    CheckNameText(column, points.span(), name, report);
  }
  return name;
}

}  // namespace provisioning
