// SPDX-License-Identifier: Apache-2.0
#include "client/report/validation_report.h"

#include "client/report/json_text.h"
#include "client/report/summary.h"

namespace provisioning {
namespace {

constexpr std::size_t examples_max = 10;

}  // namespace

absl::Status ValidationReport::OnResult(v1::RowResult& result, const SourceRow& row) {
  CountRow(result, counts_);
  if (row.problems.empty()) last_sent_row_ = result.row_number();
  if (progress_ != nullptr) progress_->Count(result.outcome());
  const bool taken =
      result.outcome() == v1::ROW_OUTCOME_VALID || result.outcome() == v1::ROW_OUTCOME_REISSUED;
  if (taken && !row.row.initial_password.empty()) ++given_passwords_;
  violations_ += result.violations_size();
  warnings_ += result.warnings_size();
  for (const v1::FieldIssue& issue : result.violations()) {
    if (examples_.size() >= examples_max) break;
    examples_.push_back(ProblemLine(issue, result.row_number(), row.line));
  }
  if (json_ != nullptr && std::fprintf(json_, "%s\n", JsonLine(result).c_str()) < 0) {
    return absl::UnavailableError("the results cannot be written");
  }
  return problems_.Append(result, row.line);
}

}  // namespace provisioning
