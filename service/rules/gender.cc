// SPDX-License-Identifier: Apache-2.0
#include "service/rules/gender.h"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>

#include "service/rules/cell.h"

namespace provisioning {
namespace {

bool EqualsIgnoringCase(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower_case[i]) {
      return false;
    }
  }
  return true;
}

bool IsAnyOf(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (EqualsIgnoringCase(text, word)) return true;
  }
  return false;
}

// Empty: it is not clear, as with `W` or `H`, which differ from language to language.
std::string_view IntendedGender(std::string_view text) {
  if (IsAnyOf(text, {"m", "m.", "male", "man"})) return "M";
  if (IsAnyOf(text, {"f", "f.", "female", "woman"})) return "F";
  return {};
}

}  // namespace

char CheckGender(std::string_view cell, RowReport& report) {
  if (cell.empty()) return 0;
  const std::optional<std::string_view> text = ReadCell(Column::kGender, cell, report);
  if (!text || text->empty()) return 0;
  if (*text == "M" || *text == "F") return text->front();
  if (IsFormula(*text)) {
    ReportFormula(Column::kGender, *text, IntendedGender(TextInFormula(*text)), report);
    return 0;
  }
  report.Reject(Column::kGender, FieldIssueCode::kGenderValue,
                report.Quote(*text) + " is neither M nor F: write one of them, or nothing.",
                std::string(IntendedGender(*text)));
  return 0;
}

}  // namespace provisioning
