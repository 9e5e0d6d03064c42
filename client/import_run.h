// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "client/import_settings.h"
#include "client/report/import_report.h"
#include "client/report/problems_file.h"
#include "client/report/results_file.h"
#include "client/server_pass.h"
#include "client/session/interrupt.h"
#include "client/source_file.h"

namespace provisioning {

// One run of `provision import`:
//
//   open the file --> look at the output files --> with --import-id: what the
//   import was started with --> check all rows on the server (not with --resume)
//   --> ask, where it may be a mistake --> import them --> rejects file, summary
//
// Every step says itself what is wrong, and ends the run by an exit code.
class ImportRun {
 public:
  // Both outlive the run. `settings` are checked.
  ImportRun(const ImportSettings& settings, const Interrupt& interrupt)
      : settings_(settings), interrupt_(interrupt) {}

  int Run();

 private:
  using Stop = std::optional<int>;  // The exit code, if the run ends here.

  Stop OpenSource();
  Stop CheckOutputFiles();
  Stop CheckEarlierStart();
  Stop CheckUnknownImport();
  Stop ValidateRows();
  Stop AskBeforeFirstImport(std::int64_t rows);
  Stop OpenResults();
  int ImportRows();
  int Finish(const ServerPassEnd& pass);
  int SayEnd(const ServerPassEnd& pass);
  int FailWithCommand(const absl::Status& status);

  absl::StatusOr<std::int64_t> ForgetAfter(std::int64_t row_number);
  void SettledBefore(std::int64_t row_number);
  void SayHowToResume() const;

  const ImportSettings& settings_;
  const Interrupt& interrupt_;
  std::unique_ptr<SourceFile> source_;
  std::string source_sha256_;
  std::unique_ptr<ProblemsFile> problems_;
  std::unique_ptr<ResultsFile> results_;
  std::unique_ptr<ImportReport> report_;
  absl::Time begin_;
};

}  // namespace provisioning
