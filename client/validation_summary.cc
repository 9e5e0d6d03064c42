// SPDX-License-Identifier: Apache-2.0
#include "client/validation_summary.h"

#include "client/problem_words.h"
#include "client/report/summary.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/say.h"

namespace provisioning {
namespace {

// Hashing that takes longer than this is worth a word before it begins.
constexpr absl::Duration hashing_worth_telling = absl::Seconds(30);

}  // namespace

void SayValidation(const ValidationReport& report, const ProblemsFile& problems,
                   const std::string& name) {
  if (report.counts().total() == 0) return Say(name + " has a header and no rows.");
  SayHeading(name + ": " + Rows(report.counts().total()));
  Say(OutcomeLines(report.counts(), true));
  SayProblemExamples(report.examples(), false);
  if (!problems.exists()) return;
  const std::int64_t warnings = report.warnings();
  Say("All problems: " + problems.path() +
      (warnings == 0
           ? ""
           : ", among them " + CountText(warnings) + (warnings == 1 ? " warning" : " warnings")) +
      "\n");
}

void SayAfterValidation(const ValidationReport& report, const ImportSettings& settings) {
  const std::int64_t rejected = report.counts()[RowOutcome::kRejected];
  if (rejected == 0) {
    if (report.counts().total() > 0) {
      Say("To import it:\n  " + settings.ImportCommand(settings.file, false));
    }
    return;
  }
  if (report.examples().missing_passwords() > 0 && !settings.generate_passwords) {
    Say("With --generate-passwords the service makes a password for each row that has none.");
  }
  if (rejected == report.counts().total()) return Say("Mend the file and run this again.");
  Say("Mend the file and run this again. Or import only the other rows:\n  " +
      settings.ImportCommand(settings.file, true));
}

void SayDuplicatesUnchecked(const ValidationReport& report, std::int64_t checked_through_row) {
  if (checked_through_row == 0 || checked_through_row >= report.last_sent_row()) return;
  Say("Repeated addresses were looked for through row " + CountText(checked_through_row) +
      " only; the import finds all of them.");
}

void SayHashingTime(const ValidationReport& report, const ImportSettings& settings,
                    double hashes_per_second) {
  if (hashes_per_second <= 0) return;
  const std::int64_t passwords = report.given_passwords();
  const absl::Duration time = absl::Seconds(static_cast<double>(passwords) / hashes_per_second);
  if (time < hashing_worth_telling) return;
  Say("Hashing the " + CountText(passwords) + " passwords in the file takes about " +
      DurationText(time) + " at this server's rate. Rows whose initial_password is empty take " +
      (settings.generate_passwords ? "seconds: the service makes their passwords.\n"
                                   : "seconds, with --generate-passwords: the service then makes "
                                     "their passwords.\n"));
}

}  // namespace provisioning
