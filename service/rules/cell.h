// SPDX-License-Identifier: Apache-2.0
// What every cell but a password's is checked for before its own rules.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "service/model/field_issue.h"
#include "service/rules/row_report.h"

namespace provisioning {

// No field takes as much in any Unicode form; more is refused unread.
inline constexpr std::size_t cell_bytes_max = 4096;

// The cell without the white space around it, which is warned about; empty: it
// is blank. Nothing: a violation was reported, and there is no more to say about
// the cell.
std::optional<std::string_view> ReadCell(Column column, std::string_view cell, RowReport& report);

// For a required cell that is blank.
void ReportRequired(Column column, RowReport& report);

// `=...`
bool IsFormula(std::string_view text);
// The text in `="text"`; empty: the formula is another one.
std::string_view TextInFormula(std::string_view formula);
// `suggestion`: the value that the formula certainly has, if any.
void ReportFormula(Column column, std::string_view text, std::string_view suggestion,
                   RowReport& report);

}  // namespace provisioning
