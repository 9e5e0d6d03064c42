// SPDX-License-Identifier: Apache-2.0
#include "client/validation_summary.h"

#include "client/message.h"
#include "client/report/summary.h"
#include "client/terminal/duration_text.h"

namespace provisioning {

void SayValidation(const ValidationReport& report, const ProblemsFile& problems,
                   const std::string& name) {
  Say(name + ": " + Rows(report.counts().total()));
  Say(OutcomeLines(report.counts()));
  for (const std::string& line : report.examples()) Say("  " + line);
  const std::int64_t more = report.violations() - std::ssize(report.examples());
  if (more > 0) Say("  and " + CountText(more) + " more");
  if (!report.examples().empty()) Say("");
  if (report.warnings() > 0) Say(CountText(report.warnings()) + " warnings");
  if (problems.exists()) Say("All problems: " + problems.path());
}

void SayDuplicatesUnchecked(const ValidationReport& report, std::int64_t checked_through_row) {
  if (checked_through_row == 0 || checked_through_row >= report.last_sent_row()) return;
  Say("Repeated addresses were looked for through row " + CountText(checked_through_row) +
      " only; the import finds all of them.");
}

}  // namespace provisioning
