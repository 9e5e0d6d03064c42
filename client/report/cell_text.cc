// SPDX-License-Identifier: Apache-2.0
#include "client/report/cell_text.h"

#include <algorithm>

#include "absl/time/time.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

// What spreadsheets take for the beginning of a formula: OWASP's list, and the
// full-width forms of = + - @.
constexpr std::string_view formula_starts[] = {
    "=", "+", "-", "@", "\t", "\r", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0",
};

bool StartsFormula(std::string_view text) {
  return std::ranges::any_of(formula_starts,
                             [text](std::string_view start) { return text.starts_with(start); });
}

bool NeedsQuotes(std::string_view text, char delimiter) {
  if (text.empty()) return false;
  if (text.front() == ' ' || text.back() == ' ') return true;
  return std::ranges::any_of(text, [delimiter](char c) {
    return c == delimiter || c == '"' || c == '\n' || c == '\r' || c == '\t';
  });
}

std::string ReplaceInvalidUtf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) AppendCodePoint(TakeCodePoint(bytes), text);
  return text;
}

// The name without its prefix, or "<other>_<number>".
std::string ShortName(std::string_view name, std::string_view prefix, std::string_view other,
                      int number) {
  if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
  return std::string(other) + "_" + std::to_string(number);
}

}  // namespace

std::string CsvCell(std::string_view text, char delimiter) {
  std::string cell = IsUtf8(text) ? std::string(text) : ReplaceInvalidUtf8(text);
  if (StartsFormula(cell)) cell.insert(cell.begin(), '\'');
  if (!NeedsQuotes(cell, delimiter)) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string IssueCodeText(v1::FieldIssueCode code) {
  return ShortName(v1::FieldIssueCode_Name(code), "FIELD_ISSUE_CODE_", "CODE", code);
}

std::string OutcomeText(v1::RowOutcome outcome) {
  return ShortName(v1::RowOutcome_Name(outcome), "ROW_OUTCOME_", "OUTCOME", outcome);
}

std::string IssuesText(const google::protobuf::RepeatedPtrField<v1::FieldIssue>& issues) {
  std::string text;
  for (const v1::FieldIssue& issue : issues) {
    if (!text.empty()) text += " | ";
    text += IssueCodeText(issue.code()) + ": " + issue.message();
  }
  return text;
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::string TrimmedText(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(space) - begin + 1));
}

}  // namespace provisioning
