// SPDX-License-Identifier: Apache-2.0
#include "client/import_summary.h"

#include <string>

#include "client/message.h"
#include "client/report/summary.h"
#include "client/terminal/duration_text.h"

namespace provisioning {
namespace {

void SayReplays(const FinishedImport& import) {
  const ImportSettings& settings = import.settings;
  if (import.answered_before > 0) {
    Say(Rows(import.answered_before) + " had been answered before; nothing was done twice" +
        (settings.resume ? "." : ", and passwords that an earlier run received are not repeated."));
  }
  if (import.summary.passwords_not_repeatable() > 0) {
    Say(CountText(import.summary.passwords_not_repeatable()) +
        " generated passwords were used or replaced meanwhile and cannot be given again.");
  }
}

void SayFiles(const FinishedImport& import) {
  Say("Results:   " + import.results.path() +
      (import.results.generated_passwords() > 0 ? " (holds the temporary passwords: keep it safe)"
                                                : ""));
  if (import.problems.exists()) {
    const bool warnings_only = import.results.counts()[RowOutcome::kRejected] == 0;
    Say("Problems:  " + import.problems.path() + (warnings_only ? " (warnings only)" : ""));
  }
  if (import.rejects.records > 0) {
    Say("Rejected:  " + import.settings.rejects_path +
        " (mend these records and import the file as it is)");
  }
}

}  // namespace

void SayImportSummary(const FinishedImport& import) {
  const OutcomeCounts& counts = import.results.counts();
  Say("\nDone in " + DurationText(import.duration) + ": " + Rows(counts.total()) +
      (import.settings.resume ? " in all." : "."));
  Say(OutcomeLines(counts));
  SayReplays(import);
  SayFiles(import);
}

}  // namespace provisioning
