// SPDX-License-Identifier: Apache-2.0
#include "client/report/summary.h"

#include <algorithm>

#include "client/report/cell_text.h"
#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

struct OutcomeWords {
  RowOutcome outcome;
  const char* done;
  const char* checked;
};
constexpr OutcomeWords outcome_words[] = {
    {RowOutcome::kCreated, "created", "created"},
    {RowOutcome::kUpdated, "updated", "would be updated"},
    {RowOutcome::kReissued, "got a new temporary password", "would get a new temporary password"},
    {RowOutcome::kValid, "valid", "valid"},
    {RowOutcome::kAlreadyExists, "already a client, left untouched",
     "already a client, to be left untouched"},
    {RowOutcome::kDuplicateRow, "with the address of an earlier row, left out",
     "with the address of an earlier row, to be left out"},
    {RowOutcome::kConflictingReplay, "not as they were sent before, or deleted since; left out",
     "not as they were sent before, or deleted since; to be left out"},
    {RowOutcome::kRejected, "rejected", "rejected"},
};
constexpr std::size_t count_width = 9;

}  // namespace

bool AnyRefused(const OutcomeCounts& counts) {
  return counts[RowOutcome::kRejected] + counts[RowOutcome::kDuplicateRow] +
             counts[RowOutcome::kConflictingReplay] >
         0;
}

std::string OutcomeLines(const OutcomeCounts& counts, bool checked) {
  std::string text;
  for (const auto& [outcome, done, would] : outcome_words) {
    if (counts[outcome] == 0) continue;
    const std::string count = CountText(counts[outcome]);
    text += std::string(count_width - std::min(count_width, count.size()), ' ') + count + "  " +
            (checked ? would : done) + "\n";
  }
  return text;
}

v1::OutcomeCounts ToWire(const OutcomeCounts& counts) {
  v1::OutcomeCounts wire;
  wire.set_rejected(counts[RowOutcome::kRejected]);
  wire.set_duplicate_row(counts[RowOutcome::kDuplicateRow]);
  wire.set_conflicting_replay(counts[RowOutcome::kConflictingReplay]);
  wire.set_already_exists(counts[RowOutcome::kAlreadyExists]);
  wire.set_updated(counts[RowOutcome::kUpdated]);
  wire.set_reissued(counts[RowOutcome::kReissued]);
  wire.set_created(counts[RowOutcome::kCreated]);
  wire.set_valid(counts[RowOutcome::kValid]);
  return wire;
}

void CountRow(const v1::RowResult& result, OutcomeCounts& counts) {
  const int outcome = result.outcome();
  if (outcome >= 1 && outcome <= row_outcome_count) ++counts[static_cast<RowOutcome>(outcome)];
}

std::string ProblemLine(const v1::FieldIssue& issue, std::int64_t row_number, std::int64_t line) {
  std::string text = "row " + std::to_string(row_number) + " (line " + std::to_string(line) +
                     "), " + issue.field() + ": " + issue.message();
  if (!issue.suggestion().empty()) text += " Suggestion: " + issue.suggestion();
  return text;
}

std::string Rows(std::int64_t count) { return CountText(count) + (count == 1 ? " row" : " rows"); }

}  // namespace provisioning
