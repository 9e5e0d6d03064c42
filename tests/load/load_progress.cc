// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_progress.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"
#include "tests/load/unit_text.h"

namespace provisioning {
namespace {

constexpr absl::Duration line_interval = absl::Seconds(10);

std::string ProgressText(const LoadProgress& progress, const LoadOptions& options) {
  std::string text = DurationText(progress.elapsed);
  if (options.duration != absl::InfiniteDuration()) {
    text += " of " + DurationText(options.duration);
  }
  const RunRecord::Counts& counts = progress.counts;
  absl::StrAppend(&text, ": ", CountText(counts.answered), " rows answered, ",
                  NumberText(progress.rows_per_second), "/s, ",
                  CountText(counts.sent - counts.answered), " under way");
  if (counts.due > counts.sent)
    absl::StrAppend(&text, ", ", CountText(counts.due - counts.sent), " not sent");
  if (counts.errors > 0) absl::StrAppend(&text, ", ", CountText(counts.errors), " ERRORS");
  if (progress.stopping) text += "; waits for the last answers";
  return text;
}

}  // namespace

ProgressPrinter::ProgressPrinter(bool quiet, const LoadOptions& options)
    : quiet_(quiet), draws_(CanDrawBar(stderr)), options_(options), next_line_(line_interval) {}

void ProgressPrinter::Print(const LoadProgress& progress) {
  if (quiet_) return;
  const std::string text = ProgressText(progress, options_);
  if (draws_) {
    std::fprintf(stderr, "\r\033[K%s", Shortened(text, LineColumns(stderr) - 1).c_str());
  } else if (progress.elapsed >= next_line_) {
    next_line_ = progress.elapsed + line_interval;
    std::fprintf(stderr, "%s\n", text.c_str());
  }
}

void ProgressPrinter::End() {
  if (draws_ && !quiet_) std::fputs("\r\033[K", stderr);
}

}  // namespace provisioning
