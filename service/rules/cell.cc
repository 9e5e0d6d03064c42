// SPDX-License-Identifier: Apache-2.0
#include "service/rules/cell.h"

#include <algorithm>
#include <string>

#include "service/rules/characters.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

bool IsUpperAscii(char c) { return c >= 'A' && c <= 'Z'; }
bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// `#REF!`, `#NAME?` and their translations.
bool IsErrorName(std::string_view text) {
  if (text.size() < 3 || text.front() != '#') return false;
  if (text.back() != '!' && text.back() != '?') return false;
  return std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
    return IsUpperAscii(c) || IsAsciiDigit(c) || c == '/' || c == '_' || (c & 0x80) != 0;
  });
}

// `#####`: what a column that is too narrow shows and exports.
bool IsOverflow(std::string_view text) {
  return text.size() >= 3 && std::ranges::all_of(text, [](char c) { return c == '#'; });
}

// `Err:502`
bool IsErrorNumber(std::string_view text) {
  return text.starts_with("Err:") && text.size() == 7 &&
         std::ranges::all_of(text.substr(4), IsAsciiDigit);
}

bool IsSpreadsheetError(std::string_view text) {
  if (text.front() == 'E') return IsErrorNumber(text);
  if (text.front() != '#') return false;
  return text == "#N/A" || text == "#NV" || text == "#N/D" || text == "#GETTING_DATA" ||
         IsErrorName(text) || IsOverflow(text);
}

bool HasControl(std::string_view text) {
  const auto is_control_byte = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
  if (std::ranges::any_of(text, is_control_byte)) return true;
  if (IsAscii(text)) return false;
  while (!text.empty()) {
    if (IsControl(TakeCodePoint(text))) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> ReadCell(Column column, std::string_view cell, RowReport& report) {
  const std::string_view text = TrimWhiteSpace(cell);
  if (text.empty()) return text;
  if (text.size() > cell_bytes_max) {
    report.Reject(column, FieldIssueCode::kTooLong,
                  "This value has " + std::to_string(text.size()) +
                      " bytes, far more than the field takes: shorten it.");
  } else if (!IsUtf8(text)) {
    const std::size_t place = ValidUtf8Prefix(cell);
    report.Reject(column, FieldIssueCode::kInvalidUtf8,
                  report.Quote(text) + " is not UTF-8, for its byte " + std::to_string(place + 1) +
                      " is " + ByteText(cell[place]) + ": save the file with the encoding UTF-8.");
  } else if (HasControl(text)) {
    report.Reject(column, FieldIssueCode::kControlCharacter,
                  report.Quote(text) + " has a control character or line break in it: remove it.");
  } else if (IsSpreadsheetError(text)) {
    report.Reject(
        column, FieldIssueCode::kSpreadsheetError,
        report.Quote(text) + " is a spreadsheet's error value: mend the cell and export again.");
  } else {
    if (text.size() < cell.size()) {
      report.Warn(column, FieldIssueCode::kTrimmed, "White space around the value was removed.");
    }
    return text;
  }
  return std::nullopt;
}

void ReportRequired(Column column, RowReport& report) {
  report.Reject(
      column, FieldIssueCode::kRequired,
      "The cell is empty: every row needs a value for " + std::string(ColumnName(column)) + ".");
}

bool IsFormula(std::string_view text) { return text.starts_with('='); }

std::string_view TextInFormula(std::string_view formula) {
  if (formula.size() < 4 || !formula.starts_with("=\"") || !formula.ends_with('"')) return {};
  const std::string_view text = formula.substr(2, formula.size() - 3);
  return text.find('"') == std::string_view::npos ? text : std::string_view();
}

void ReportFormula(Column column, std::string_view text, std::string_view suggestion,
                   RowReport& report) {
  report.Reject(
      column, FieldIssueCode::kSpreadsheetFormula,
      report.Quote(text) + " is a spreadsheet's formula: put its value into the cell instead.",
      std::string(suggestion));
}

}  // namespace provisioning
