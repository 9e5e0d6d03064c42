// SPDX-License-Identifier: Apache-2.0
#include "client/validation_summary.h"

#include "client/message.h"
#include "client/report/duration_text.h"
#include "client/report/summary.h"

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

}  // namespace provisioning
