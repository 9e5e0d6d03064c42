// SPDX-License-Identifier: Apache-2.0
#include "client/report/problem_examples.h"

#include "client/report/summary.h"

namespace provisioning {
namespace {

constexpr std::size_t examples_max = 10;
// A whole column that is wrong hides nothing else.
constexpr int examples_alike_max = 2;

}  // namespace

void ProblemExamples::Add(const v1::RowResult& result, std::int64_t line) {
  violations_ += result.violations_size();
  for (const v1::FieldIssue& issue : result.violations()) {
    if (lines_.size() >= examples_max) break;
    if (++alike_[{issue.field(), issue.code()}] > examples_alike_max) continue;
    lines_.push_back(ProblemLine(issue, result.row_number(), line));
  }
}

}  // namespace provisioning
