// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>

#include "client/report/problems_file.h"
#include "client/report/progress.h"
#include "client/report/results_file.h"
#include "client/session/row_window.h"

namespace provisioning {

// Writes down every result of an import as it comes.
class ImportReport final : public RowSink {
 public:
  // `json`: where results go as lines; null: nowhere. All outlive the report.
  ImportReport(ResultsFile& results, ProblemsFile& problems, std::FILE* json, Progress& progress)
      : results_(results), problems_(problems), json_(json), progress_(progress) {}

  absl::Status OnResult(v1::RowResult& result, const SourceRow& row) override;
  absl::Status Flush() override;

 private:
  ResultsFile& results_;
  ProblemsFile& problems_;
  std::FILE* const json_;
  Progress& progress_;
};

}  // namespace provisioning
