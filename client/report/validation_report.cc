// SPDX-License-Identifier: Apache-2.0
#include "client/report/validation_report.h"

#include "client/report/json_text.h"
#include "client/report/summary.h"

namespace provisioning {

absl::Status ValidationReport::OnResult(v1::RowResult& result, const SourceRow& row) {
  CountRow(result, counts_);
  if (row.problems.empty()) last_sent_row_ = result.row_number();
  if (progress_ != nullptr) progress_->Count(result.outcome());
  const bool taken =
      result.outcome() == v1::ROW_OUTCOME_VALID || result.outcome() == v1::ROW_OUTCOME_REISSUED;
  if (taken && !row.row.initial_password.empty()) ++given_passwords_;
  warnings_ += result.warnings_size();
  examples_.Add(result, row.line);
  if (json_ != nullptr && std::fprintf(json_, "%s\n", JsonLine(result).c_str()) < 0) {
    return absl::UnavailableError("the results cannot be written");
  }
  return problems_.Append(result, row.line);
}

}  // namespace provisioning
