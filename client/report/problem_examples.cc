// SPDX-License-Identifier: Apache-2.0
#include "client/report/problem_examples.h"

#include <string>

#include "client/report/summary.h"

namespace provisioning {
namespace {

constexpr std::size_t examples_max = 10;
// A whole column that is wrong hides nothing else.
constexpr int examples_alike_max = 2;

}  // namespace

void ProblemExamples::Add(const v1::RowResult& result, std::int64_t line) {
  for (const v1::FieldIssue& issue : result.violations()) {
    AddLine(issue, result, line);
    if (issue.field() == "initial_password" && issue.code() == v1::FIELD_ISSUE_CODE_REQUIRED) {
      ++missing_passwords_;
    }
  }
  if (result.outcome() != v1::ROW_OUTCOME_DUPLICATE_ROW) return;
  v1::FieldIssue repeated;
  repeated.set_field("email_address");
  repeated.set_message("The address is that of row " + std::to_string(result.first_row_number()) +
                       ", which has the client.");
  AddLine(repeated, result, line);
}

void ProblemExamples::AddLine(const v1::FieldIssue& issue, const v1::RowResult& result,
                              std::int64_t line) {
  ++reasons_;
  if (lines_.size() >= examples_max) return;
  if (++alike_[{issue.field(), issue.code()}] > examples_alike_max) return;
  lines_.push_back(ProblemLine(issue, result.row_number(), line));
}

}  // namespace provisioning
