// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_report.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

std::optional<double> Seconds(std::optional<absl::Duration> duration) {
  if (!duration) return std::nullopt;
  return absl::ToDoubleSeconds(*duration);
}

std::optional<double> Measured(const Objective& objective, const RunFacts& facts) {
  const std::int64_t rows = std::max(facts.rows_due, facts.latency.count());
  const std::int64_t imports = facts.streams_ok + facts.stream_error_count();
  const bool any = facts.latency.count() > 0;
  switch (objective.metric()) {
    case Metric::kLatencyPercentile:
      return any ? Seconds(facts.latency.PercentileAmong(objective.percent(), rows)) : std::nullopt;
    case Metric::kLatencyMax:
      return rows == facts.latency.count() && any ? Seconds(facts.latency.largest()) : std::nullopt;
    case Metric::kLatencyMean:
      return any ? Seconds(facts.latency.mean()) : std::nullopt;
    case Metric::kImportPercentile:
      return facts.import_time.count() > 0
                 ? Seconds(facts.import_time.PercentileAmong(objective.percent(), imports))
                 : std::nullopt;
    case Metric::kErrors:
      return facts.error_share();
    case Metric::kRate:
      return facts.rate();
    case Metric::kMemory:
      return facts.memory ? std::optional<double>(static_cast<double>(facts.memory->max_bytes))
                          : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

const char* const outcome_names[outcome_count] = {
    "UNSPECIFIED", "REJECTED", "DUPLICATE_ROW", "CONFLICTING_REPLAY", "ALREADY_EXISTS", "UPDATED",
    "REISSUED",    "CREATED",  "VALID"};

std::string PercentileName(double percent) { return absl::StrCat("p", percent); }

LoadReport MakeReport(const LoadOptions& options, RunFacts facts) {
  LoadReport report;
  report.parameters = DescribeOptions(options);
  report.open_loop = options.open_loop();
  report.seed = options.seed;
  for (int i = 0; i < options.organizations; ++i) {
    report.organizations.push_back(options.OrganizationName(i));
  }
  bool errors_allowed = false;
  for (const Objective& objective : options.objectives) {
    const auto measured = Measured(objective, facts);
    const bool met = objective.Met(measured);
    report.objectives.push_back({objective.text(), objective.ValueText(measured), met});
    if (!met) report.failures.push_back("objective " + objective.text() + " missed");
    errors_allowed |= objective.metric() == Metric::kErrors;
  }
  if (const std::int64_t wrong = facts.wrong_count(); wrong > 0) {
    report.failures.push_back(CountText(wrong) + (wrong == 1 ? " wrong answer" : " wrong answers"));
  }
  if (const std::int64_t errors = facts.stream_error_count(); errors > 0 && !errors_allowed) {
    report.failures.push_back(CountText(errors) + (errors == 1 ? " stream" : " streams") +
                              " failed");
  }
  if (const std::int64_t unsent = facts.rows_unsent(); unsent > 0 && !errors_allowed) {
    report.failures.push_back(CountText(unsent) + (unsent == 1 ? " row was" : " rows were") +
                              " never sent");
  }
  if (facts.rows_answered == 0) report.failures.push_back("no row was answered");
  report.facts = std::move(facts);
  return report;
}

std::string LoadReport::Verdict() const {
  if (!passed()) return "FAILED: " + absl::StrJoin(failures, "; ");
  if (objectives.empty()) return "PASSED: every answer was right";
  return "PASSED: every answer was right, every objective met";
}

}  // namespace provisioning
