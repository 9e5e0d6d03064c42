// SPDX-License-Identifier: Apache-2.0
#include "tests/load/run_record.h"

#include <algorithm>

namespace provisioning {

std::int64_t RunFacts::wrong_count() const {
  std::int64_t count = 0;
  for (const Wrong& kind : wrong) count += kind.count;
  return count;
}

std::int64_t RunFacts::stream_error_count() const {
  std::int64_t count = streams_given_up;
  for (const auto& [status, error] : stream_errors) count += error.count;
  return count;
}

double RunFacts::error_share() const {
  const std::int64_t rows = std::max(rows_due, rows_sent);
  if (rows == 0) return stream_error_count() > 0 ? 1 : 0;
  return static_cast<double>(rows_wrong + rows_unknown + rows_unsent()) / static_cast<double>(rows);
}

double RunFacts::rate() const {
  if (length == 0) return 0;
  return static_cast<double>(rows_answered) / static_cast<double>(length) * 1e9;
}

double RunFacts::fairness() const {
  double sum = 0;
  double squares = 0;
  for (const std::int64_t rows : answered_by_organization) {
    sum += static_cast<double>(rows);
    squares += static_cast<double>(rows) * static_cast<double>(rows);
  }
  if (squares == 0) return 1;
  return sum * sum / (squares * static_cast<double>(answered_by_organization.size()));
}

RunRecord::RunRecord(int organizations, bool open_loop) : open_loop_(open_loop) {
  facts_.answered_by_organization.resize(static_cast<std::size_t>(organizations));
}

void RunRecord::RowsDue(std::int64_t time, std::int64_t count) {
  std::lock_guard lock(mutex_);
  facts_.rows_due += count;
  facts_.series.At(time).rows_due += count;
}

void RunRecord::RowsSent(std::int64_t time, std::int64_t count, std::int64_t resent) {
  std::lock_guard lock(mutex_);
  facts_.rows_sent += count - resent;
  facts_.rows_resent += resent;
  TimeBucket& bucket = facts_.series.At(time);
  bucket.rows_sent += count;
  if (open_loop_) return;
  facts_.rows_due += count - resent;
  bucket.rows_due += count - resent;
}

void RunRecord::RowsAnswered(const AnsweredRows& answered) {
  std::lock_guard lock(mutex_);
  const auto count = static_cast<std::int64_t>(answered.rows.size());
  TimeBucket& bucket = facts_.series.At(answered.time);
  for (const auto& [due, sent] : answered.rows) {
    facts_.latency.RecordNanoseconds(answered.time - due);
    facts_.service_time.RecordNanoseconds(answered.time - sent);
    bucket.latency.RecordNanoseconds(answered.time - due);
  }
  bucket.rows_answered += count;
  facts_.rows_answered += count;
  facts_.rows_replayed += answered.replayed;
  facts_.answered_twice += answered.answered_twice;
  facts_.answered_by_organization[static_cast<std::size_t>(answered.organization)] += count;
  for (std::size_t i = 0; i < outcome_count; ++i) facts_.outcomes[i] += answered.outcomes[i];
  facts_.length = std::max(facts_.length, answered.time);
}

void RunRecord::Wrong(std::int64_t time, const WrongAnswer& wrong, const std::string& where,
                      bool row) {
  std::lock_guard lock(mutex_);
  RunFacts::Wrong& kind = facts_.wrong[static_cast<std::size_t>(wrong.kind)];
  ++kind.count;
  if (row) ++facts_.rows_wrong;
  ++facts_.series.At(time).errors;
  if (kind.examples.size() < RunFacts::examples_max) {
    kind.examples.push_back(where + ": " + wrong.text);
  }
}

void RunRecord::StreamStarted() {
  std::lock_guard lock(mutex_);
  ++facts_.streams_started;
}

void RunRecord::StreamCut() {
  std::lock_guard lock(mutex_);
  ++facts_.streams_cut;
}

void RunRecord::StreamOk(std::int64_t duration) {
  std::lock_guard lock(mutex_);
  ++facts_.streams_ok;
  facts_.import_time.RecordNanoseconds(duration);
}

void RunRecord::StreamFailed(std::int64_t time, const std::string& status,
                             const std::string& message, std::int64_t rows_unknown) {
  std::lock_guard lock(mutex_);
  RunFacts::StreamError& error = facts_.stream_errors[status];
  if (error.count++ == 0) error.example = message;
  facts_.rows_unknown += rows_unknown;
  facts_.series.At(time).errors += std::max<std::int64_t>(1, rows_unknown);
}

void RunRecord::StreamGivenUp(std::int64_t time, std::int64_t rows_unknown) {
  std::lock_guard lock(mutex_);
  ++facts_.streams_given_up;
  facts_.rows_unknown += rows_unknown;
  facts_.series.At(time).errors += std::max<std::int64_t>(1, rows_unknown);
}

void RunRecord::GeneratorLate(std::int64_t late) {
  std::lock_guard lock(mutex_);
  facts_.late_max = std::max(facts_.late_max, late);
}

void RunRecord::RunEnded(std::int64_t time) {
  std::lock_guard lock(mutex_);
  facts_.length = std::max(facts_.length, time);
}

void RunRecord::ServerMemory(std::int64_t time, std::int64_t resident_bytes) {
  std::lock_guard lock(mutex_);
  if (!facts_.memory) facts_.memory.emplace().first_bytes = resident_bytes;
  facts_.memory->last_bytes = resident_bytes;
  facts_.memory->max_bytes = std::max(facts_.memory->max_bytes, resident_bytes);
  std::int64_t& most = facts_.series.At(time).resident_bytes;
  most = std::max(most, resident_bytes);
}

RunFacts RunRecord::facts() const {
  std::lock_guard lock(mutex_);
  return facts_;
}

RunRecord::Counts RunRecord::counts() const {
  std::lock_guard lock(mutex_);
  return {facts_.rows_due, facts_.rows_sent, facts_.rows_answered,
          facts_.rows_wrong + facts_.rows_unknown + facts_.stream_error_count()};
}

}  // namespace provisioning
