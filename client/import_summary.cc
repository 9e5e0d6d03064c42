// SPDX-License-Identifier: Apache-2.0
#include "client/import_summary.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "client/problem_words.h"
#include "client/report/summary.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/say.h"

namespace provisioning {
namespace {

void SayReplays(const FinishedImport& import) {
  if (import.answered_before > 0) {
    Say(Rows(import.answered_before) + " had been answered before; nothing was done twice" +
        (import.settings.resume
             ? ".\n"
             : ", and passwords that an earlier run received are not repeated.\n"));
  }
  if (import.summary.passwords_not_repeatable() > 0) {
    Say(CountText(import.summary.passwords_not_repeatable()) +
        " generated passwords were used or replaced meanwhile and cannot be given again.\n");
  }
}

void SayFiles(const FinishedImport& import) {
  const bool passwords = import.results.generated_passwords() > 0;
  SayHeading("Files:");
  Say("  " + import.results.path());
  SayEntry(passwords ? "what became of each row, with the temporary passwords: keep it safe"
                     : "what became of each row");
  if (import.problems.exists()) {
    const bool warnings_only = import.results.counts()[RowOutcome::kRejected] == 0;
    Say("  " + import.problems.path());
    SayEntry(warnings_only ? "warnings about rows that were taken"
                           : "every problem, with its row, line and column");
  }
  if (import.rejects.records == 0) return;
  Say("  " + import.settings.rejects_path);
  SayEntry(std::string("the rejected rows as they stand in the source") +
           (import.rejects.passwords ? ", passwords included: it is as secret as the source" : ""));
}

// What is to be done with temporary passwords.
std::string PasswordStep(const FinishedImport& import) {
  const std::int64_t clients = import.results.temporary_passwords();
  const absl::Time until = import.results.first_password_expiry();
  if (clients == 0 || until == absl::InfiniteFuture()) return "";
  const std::string date = absl::FormatTime("%Y-%m-%d %H:%M UTC", until, absl::UTCTimeZone());
  const std::int64_t generated = import.results.generated_passwords();
  if (generated == 0 && import.settings.generate_passwords && import.answered_before > 0) {
    return "The temporary passwords stand in the results file of the run that made these clients.";
  }
  const std::string password =
      generated == 0 ? " their email address and their password, as they stand in the file"
      : generated < clients
          ? " their email address and their temporary password: the one in " +
                import.results.path() + ", or else that of the file"
          : " their email address and their temporary password, from " + import.results.path();
  if (until <= absl::Now()) {
    return "Some temporary passwords have expired on " + date +
           ". Import those clients again with --existing reissue, and they get new ones.";
  }
  return "Hand " +
         (clients == 1 ? "the client" : "each of the " + CountText(clients) + " clients") +
         password + ". It works until " + date +
         (import.settings.resume || import.answered_before > 0
              ? ", unless it was used or replaced since an earlier run made it."
              : ".");
}

// Nothing is to be done about passwords that people have.
std::string OwnPasswordsStep(const FinishedImport& import) {
  if (!import.password_hashes || import.results.counts()[RowOutcome::kCreated] == 0) return "";
  return "Clients who came with a password_hash are active, and sign in with the password that "
         "they have.";
}

std::string RejectsStep(const FinishedImport& import) {
  if (import.rejects.records == 0) return "";
  return "Mend the rows in " + import.settings.rejects_path + " (" + import.problems.path() +
         " says how), and import them:\n     " +
         import.settings.ImportCommand(import.settings.rejects_path, false);
}

void SayNextSteps(const FinishedImport& import) {
  std::vector<std::string> steps;
  for (const std::string& step :
       {PasswordStep(import), OwnPasswordsStep(import), RejectsStep(import)}) {
    if (!step.empty()) steps.push_back(step);
  }
  if (steps.empty()) return;
  SayHeading("\nNext:");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    SayEntry(steps[i], steps.size() == 1 ? "  " : "  " + std::to_string(i + 1) + ". ");
  }
}

}  // namespace

void SayImportSummary(const FinishedImport& import) {
  const OutcomeCounts& counts = import.results.counts();
  SayHeading("\nDone in " + DurationText(import.duration) + ": " + Rows(counts.total()) +
             (import.settings.resume ? " in all." : "."));
  Say(OutcomeLines(counts, false));
  const double seconds = absl::ToDoubleSeconds(import.duration);
  if (seconds > 0) {
    SayDetail("The last stream took " +
              DurationText(absl::Seconds(import.summary.elapsed().seconds()) +
                           absl::Nanoseconds(import.summary.elapsed().nanos())) +
              " on the server; " +
              CountText(static_cast<std::int64_t>(static_cast<double>(counts.total()) / seconds)) +
              " rows a second here.\n");
  }
  SayReplays(import);
  SayProblemExamples(import.examples, import.settings.resume);
  SayFiles(import);
  SayNextSteps(import);
}

}  // namespace provisioning
