// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/progress.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "client/terminal/say.h"
#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"

namespace provisioning {
namespace {

constexpr absl::Duration bar_pause = absl::Milliseconds(200);
constexpr absl::Duration line_pause = absl::Seconds(5);
// A character in the last column makes some terminals begin a new line, and
// Ctrl-C is shown as ^C.
constexpr std::size_t columns_left_free = 3;
// Before that, an estimate of the time left is a guess.
constexpr absl::Duration estimate_after = absl::Seconds(3);

std::int64_t Refused(const OutcomeCounts& counts) {
  return counts[RowOutcome::kRejected] + counts[RowOutcome::kDuplicateRow] +
         counts[RowOutcome::kConflictingReplay];
}

}  // namespace

ProgressStyle ProgressStyleOfStderr() {
  if (CurrentTalk() == Talk::kQuiet) return ProgressStyle::kNone;
  return CanDrawBar(stderr) ? ProgressStyle::kBar : ProgressStyle::kLines;
}

Progress::Progress(std::string label, std::int64_t bytes, std::FILE* out, ProgressStyle style,
                   std::string noun)
    : label_(std::move(label)),
      bytes_(bytes),
      out_(out),
      style_(style),
      noun_(std::move(noun)),
      begin_(absl::Now()),
      last_drawn_(begin_) {}

Progress::~Progress() { Clear(); }

void Progress::StartFrom(const OutcomeCounts& counts) {
  const std::lock_guard lock(mutex_);
  counts_ = counts;
  rows_before_ = counts.total();
}

void Progress::Count(v1::RowOutcome outcome) {
  const std::lock_guard lock(mutex_);
  if (outcome >= 1 && outcome <= row_outcome_count) ++counts_[static_cast<RowOutcome>(outcome)];
}

void Progress::SetDone(std::int64_t count) {
  const std::lock_guard lock(mutex_);
  counts_[RowOutcome::kValid] = count;
}

void Progress::Tick(std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  done_ = bytes_ > 0 ? std::min(1.0, static_cast<double>(offset) / static_cast<double>(bytes_)) : 0;
  if (done_before_ < 0) done_before_ = rows_before_ > 0 ? done_ : 0;
  const absl::Time now = absl::Now();
  if (style_ == ProgressStyle::kNone) return;
  const bool bar = style_ == ProgressStyle::kBar;
  if (now - last_drawn_ < (bar ? bar_pause : line_pause)) return;
  last_drawn_ = now;
  if (bar) {
    DrawBar(Facts(now));
  } else {
    std::fprintf(out_, "%s\n", ProgressLine(Facts(now)).c_str());
  }
  std::fflush(out_);
}

void Progress::DrawBar(const ProgressFacts& facts) {
  Erase();
  const std::string line = ProgressBarLine(facts, LineColumns(out_) - columns_left_free);
  std::fputs(line.c_str(), out_);
  drawn_columns_ = ColumnsOf(line);
}

void Progress::Say(std::string_view text) {
  const std::lock_guard lock(mutex_);
  Erase();
  std::fflush(out_);
  provisioning::Say(text);
}

void Progress::SayDetail(std::string_view text) {
  if (CurrentTalk() == Talk::kVerbose) Say(text);
}

void Progress::SayAnyway(std::string_view text) {
  const std::lock_guard lock(mutex_);
  Erase();
  std::fflush(out_);
  provisioning::SayAnyway(text);
}

void Progress::Clear() {
  const std::lock_guard lock(mutex_);
  Erase();
  std::fflush(out_);
}

ProgressFacts Progress::Facts(absl::Time now) const {
  const absl::Duration elapsed = now - begin_;
  const double seconds = absl::ToDoubleSeconds(elapsed);
  ProgressFacts facts;
  facts.label = label_;
  facts.noun = noun_;
  facts.done = done_;
  facts.rows = counts_.total();
  if (seconds > 0) facts.rows_per_second = double(facts.rows - rows_before_) / seconds;
  facts.refused = Refused(counts_);
  const double done_now = done_ - done_before_;
  if (elapsed > estimate_after && done_now > 0 && done_ < 1) {
    facts.left = elapsed * ((1 - done_) / done_now);
  }
  return facts;
}

void Progress::Erase() {
  if (drawn_columns_ == 0) return;
  // A window that was made narrower has broken the line into several.
  const std::size_t lines_above = (drawn_columns_ - 1) / LineColumns(out_);
  std::fputs("\r", out_);
  if (lines_above > 0) std::fprintf(out_, "\033[%zuA", lines_above);
  std::fputs("\033[J", out_);
  drawn_columns_ = 0;
}

}  // namespace provisioning
