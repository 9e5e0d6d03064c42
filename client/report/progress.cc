// SPDX-License-Identifier: Apache-2.0
#include "client/report/progress.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "client/report/duration_text.h"

namespace provisioning {
namespace {

constexpr int bar_characters = 24;
constexpr absl::Duration bar_pause = absl::Milliseconds(200);
constexpr absl::Duration line_pause = absl::Seconds(5);
// Before that, an estimate of the time left is a guess.
constexpr absl::Duration estimate_after = absl::Seconds(3);

std::int64_t Refused(const OutcomeCounts& counts) {
  return counts[RowOutcome::kRejected] + counts[RowOutcome::kDuplicateRow] +
         counts[RowOutcome::kConflictingReplay];
}

std::size_t TerminalColumns(std::FILE* out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 80;
  return size.ws_col;
}

}  // namespace

Progress::Progress(std::string label, std::int64_t bytes, std::FILE* out, bool bar)
    : label_(std::move(label)),
      bytes_(bytes),
      out_(out),
      bar_(bar),
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

void Progress::Tick(std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  done_ = bytes_ > 0 ? std::min(1.0, static_cast<double>(offset) / static_cast<double>(bytes_)) : 0;
  if (done_before_ < 0) done_before_ = rows_before_ > 0 ? done_ : 0;
  const absl::Time now = absl::Now();
  if (now - last_drawn_ < (bar_ ? bar_pause : line_pause)) return;
  last_drawn_ = now;
  std::string line = Line(now);
  if (bar_) {
    // A line that wraps could not be erased.
    line.resize(std::min(line.size(), TerminalColumns(out_) - 1));
    Erase();
  }
  std::fprintf(out_, bar_ ? "%s" : "%s\n", line.c_str());
  std::fflush(out_);
  drawn_ = bar_;
}

void Progress::Say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  Erase();
  std::fprintf(out_, "%s\n", line.c_str());
  std::fflush(out_);
}

void Progress::Clear() {
  const std::lock_guard lock(mutex_);
  Erase();
  std::fflush(out_);
}

std::string Progress::Line(absl::Time now) const {
  const std::int64_t rows = counts_.total();
  const absl::Duration elapsed = now - begin_;
  const double seconds = absl::ToDoubleSeconds(elapsed);
  const double rate = seconds > 0 ? static_cast<double>(rows - rows_before_) / seconds : 0;
  std::string line = label_ + (bar_ ? "  " + Bar() : std::string());
  line += " " + std::to_string(static_cast<int>(done_ * 100)) + " %  " + CountText(rows) + " rows";
  line += "  " + CountText(static_cast<std::int64_t>(rate)) + "/s";
  if (const std::int64_t refused = Refused(counts_)) line += "  " + CountText(refused) + " refused";
  const double done_now = done_ - done_before_;
  if (elapsed > estimate_after && done_now > 0 && done_ < 1) {
    line += "  " + DurationText(elapsed * ((1 - done_) / done_now)) + " left";
  }
  return line;
}

std::string Progress::Bar() const {
  const int full = static_cast<int>(done_ * bar_characters);
  return "[" + std::string(full, '#') + std::string(bar_characters - full, '-') + "]";
}

void Progress::Erase() {
  if (drawn_) std::fputs("\r\033[K", out_);
  drawn_ = false;
}

bool CanDrawBar(std::FILE* out) {
  const char* terminal = getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return isatty(fileno(out)) == 1 && !dumb;
}

}  // namespace provisioning
