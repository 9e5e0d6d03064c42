// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>

#include "client/report/problem_examples.h"
#include "client/report/problems_file.h"
#include "client/session/row_window.h"
#include "client/terminal/progress.h"
#include "service/model/row_result.h"

namespace provisioning {

// Collects what a validation says.
class ValidationReport final : public RowSink {
 public:
  // `json`: where results go as lines; null: nowhere. `progress` may be null.
  // All outlive the report.
  ValidationReport(ProblemsFile& problems, std::FILE* json, Progress* progress)
      : problems_(problems), json_(json), progress_(progress) {}

  absl::Status OnResult(v1::RowResult& result, const SourceRow& row) override;

  const OutcomeCounts& counts() const { return counts_; }
  // The last row that was not rejected by the reader already; 0: none.
  std::int64_t last_sent_row() const { return last_sent_row_; }
  // Accepted rows whose own password is to be hashed.
  std::int64_t given_passwords() const { return given_passwords_; }
  const ProblemExamples& examples() const { return examples_; }
  std::int64_t warnings() const { return warnings_; }

 private:
  ProblemsFile& problems_;
  std::FILE* const json_;
  Progress* const progress_;
  OutcomeCounts counts_;
  std::int64_t last_sent_row_ = 0;
  std::int64_t given_passwords_ = 0;
  std::int64_t warnings_ = 0;
  ProblemExamples examples_;
};

}  // namespace provisioning
