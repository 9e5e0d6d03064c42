// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>

#include "client/report/problem_examples.h"
#include "client/report/problems_file.h"
#include "client/report/results_file.h"
#include "client/session/row_window.h"
#include "client/terminal/progress.h"

namespace provisioning {

// Writes down every result of an import as it comes.
class ImportReport final : public RowSink {
 public:
  // `json`: where results go as lines; null: nowhere. All outlive the report.
  ImportReport(ResultsFile& results, ProblemsFile& problems, std::FILE* json, Progress& progress)
      : results_(results), problems_(problems), json_(json), progress_(progress) {}

  // Rows through this one had been settled when this process came.
  void SettledBefore(std::int64_t row_number) { settled_before_ = row_number; }
  // Some of the results were forgotten, and are to come again.
  void StartAgain();
  // How many rows were answered that an earlier process had sent.
  std::int64_t answered_before() const { return answered_before_; }
  // Of the rows that this process has seen.
  const ProblemExamples& examples() const { return examples_; }

  absl::Status OnResult(v1::RowResult& result, const SourceRow& row) override;
  absl::Status Flush() override;

 private:
  ResultsFile& results_;
  ProblemsFile& problems_;
  std::FILE* const json_;
  Progress& progress_;
  std::int64_t settled_before_ = 0;
  std::int64_t answered_before_ = 0;
  ProblemExamples examples_;
};

// Hands what was printed to the operating system. UNAVAILABLE: it does not take it.
absl::Status FlushJson(std::FILE* json);

}  // namespace provisioning
