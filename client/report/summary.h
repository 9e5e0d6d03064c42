// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provisioning/v1/client_row.pb.h"
#include "service/model/row_result.h"

namespace provisioning {

// Whether rows are counted that were not accepted.
bool AnyRefused(const OutcomeCounts& counts);

// One line per outcome that occurred, in words: "   12  rejected". `checked`: of
// a validation, so that nothing has been done.
std::string OutcomeLines(const OutcomeCounts& counts, bool checked);

v1::OutcomeCounts ToWire(const OutcomeCounts& counts);
void CountRow(const v1::RowResult& result, OutcomeCounts& counts);

// "row 12 (line 14): email_address: ..." with its suggestion.
std::string ProblemLine(const v1::FieldIssue& issue, std::int64_t row_number, std::int64_t line);

// "1 row", "2 rows".
std::string Rows(std::int64_t count);

}  // namespace provisioning
