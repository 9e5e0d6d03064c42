// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "absl/time/time.h"
#include "client/import_settings.h"
#include "client/report/problem_examples.h"
#include "client/report/problems_file.h"
#include "client/report/rejects_file.h"
#include "client/report/results_file.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

// What an import that is complete has come to.
struct FinishedImport {
  const ImportSettings& settings;
  const v1::ImportSummary& summary;  // Of the last stream.
  const ResultsFile& results;
  const ProblemsFile& problems;
  RejectsWritten rejects;
  std::int64_t answered_before;  // Rows that an earlier run had sent, and that this one asked for.
  const ProblemExamples& examples;
  absl::Duration duration;
  bool password_hashes;  // The source has the column.
};

// Tells a person how many of what there were, which files hold what, and what
// is to be done next.
void SayImportSummary(const FinishedImport& import);

}  // namespace provisioning
