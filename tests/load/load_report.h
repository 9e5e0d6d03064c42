// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/load/load_options.h"
#include "tests/load/run_record.h"

namespace provisioning {

// A run and what is to be thought of it; every kind of report is made from this.
struct LoadReport {
  struct Judged {
    std::string objective;
    std::string value;
    bool met = false;
  };

  std::string server;
  absl::Time begin;
  absl::Duration elapsed;
  bool interrupted = false;
  std::vector<std::pair<std::string, std::string>> parameters;
  bool open_loop = false;
  std::uint64_t seed = 0;
  std::vector<std::string> organizations;

  RunFacts facts;
  std::vector<Judged> objectives;
  // Why the run has failed; empty: it has not.
  std::vector<std::string> failures;

  bool passed() const { return failures.empty(); }
  // In one sentence.
  std::string Verdict() const;
};

// Judges the run. A percentile objective counts rows without a result as slower
// than any bound. Failed streams and rows that were never sent fail a run unless
// an objective says how many errors are allowed; wrong answers always do.
LoadReport MakeReport(const LoadOptions& options, RunFacts facts);

// The percentiles that reports name.
inline constexpr double reported_percents[] = {10, 25, 50, 75, 90, 95, 99, 99.9, 99.99};
// "p99.9".
std::string PercentileName(double percent);
// "CREATED" and the like; by v1::RowOutcome.
extern const char* const outcome_names[outcome_count];

}  // namespace provisioning
