// SPDX-License-Identifier: Apache-2.0
#include "client/session/row_window.h"

#include <algorithm>
#include <utility>

#include "client/session/row_wire.h"

namespace provisioning {

RowWindow::RowWindow(RowSource& source, RowSink& sink, const Limits& limits)
    : source_(source), sink_(sink), limits_(limits) {}

RowWindow::Batch RowWindow::Next(v1::ImportRows& rows) {
  std::size_t batch_bytes = 0;
  std::unique_lock lock(mutex_);
  while (!stopped_ && status_.ok() && source_status_.ok()) {
    if (AddToBatch(rows, batch_bytes)) return Batch::kRows;
    if (source_ended_) return rows.rows().empty() ? Batch::kEnd : Batch::kRows;
    if (Full()) {
      if (!rows.rows().empty()) return Batch::kRows;
      room_.wait(lock, [this] { return !Full() || stopped_ || !status_.ok(); });
      continue;
    }
    lock.unlock();
    SourceRow row;
    const auto more = source_.Next(row);
    lock.lock();
    if (!more.ok()) {
      source_status_ = more.status();
    } else if (*more) {
      Push(std::move(row));
    } else {
      source_ended_ = true;
    }
  }
  return Batch::kStopped;
}

bool RowWindow::AddToBatch(v1::ImportRows& rows, std::size_t& batch_bytes) {
  for (; sent_ < entries_.size(); ++sent_) {
    const Entry& entry = entries_[sent_];
    if (entry.local) continue;
    const bool full = rows.rows_size() >= static_cast<int>(limits_.batch_rows_max) ||
                      batch_bytes + entry.bytes > limits_.batch_bytes_max;
    if (full && rows.rows_size() > 0) return true;
    ToWire(entry.row.row, *rows.add_rows());
    batch_bytes += entry.bytes;
  }
  return false;
}

absl::Status RowWindow::Answer(v1::ImportResults& results) {
  const std::lock_guard lock(mutex_);
  for (v1::RowResult& result : *results.mutable_results()) {
    const absl::Status status = AnswerRow(result);
    WipePassword(result);
    if (!status.ok()) return status;
  }
  if (absl::Status status = sink_.Flush(); !status.ok()) Fail(status);
  return status_;
}

absl::Status RowWindow::AnswerRow(v1::RowResult& result) {
  const bool due =
      sent_ > 0 && !entries_.empty() && entries_.front().row.row.row_number == result.row_number();
  if (!due) {
    return absl::InternalError("the server answered row " + std::to_string(result.row_number()) +
                               " out of turn");
  }
  Pop(result);
  if (!status_.ok()) return status_;
  answered_through_row_ = result.row_number();
  ++answered_rows_;
  AnswerLocalRows();
  return status_;
}

void RowWindow::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  room_.notify_all();
}

void RowWindow::Restart() {
  const std::lock_guard lock(mutex_);
  sent_ = 0;
  stopped_ = false;
}

absl::Status RowWindow::GoOnAfter(std::int64_t row_number) {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  bytes_ = 0;
  sent_ = 0;
  source_ended_ = false;
  answered_through_row_ = 0;
  result_through_row_ = 0;
  answered_offset_ = 0;
  if (absl::Status status = source_.Rewind(); !status.ok()) return status;
  while (true) {
    SourceRow row;
    const auto more = source_.Next(row);
    if (!more.ok()) return more.status();
    if (!*more) {
      source_ended_ = true;
      return absl::OkStatus();
    }
    if (row.row.row_number > row_number) {
      Push(std::move(row));
      return status_;
    }
    answered_offset_ = row.end;
    result_through_row_ = row.row.row_number;
    if (row.problems.empty()) answered_through_row_ = row.row.row_number;
  }
}

absl::Status RowWindow::status() const {
  const std::lock_guard lock(mutex_);
  return status_.ok() ? source_status_ : status_;
}

std::int64_t RowWindow::answered_through_row() const {
  const std::lock_guard lock(mutex_);
  return answered_through_row_;
}

std::int64_t RowWindow::result_through_row() const {
  const std::lock_guard lock(mutex_);
  return result_through_row_;
}

std::int64_t RowWindow::answered_rows() const {
  const std::lock_guard lock(mutex_);
  return answered_rows_;
}

std::int64_t RowWindow::answered_offset() const {
  const std::lock_guard lock(mutex_);
  return answered_offset_;
}

bool RowWindow::done() const {
  const std::lock_guard lock(mutex_);
  return source_ended_ && entries_.empty();
}

bool RowWindow::Full() const {
  return entries_.size() >= limits_.rows_max || bytes_ >= limits_.bytes_max;
}

void RowWindow::Push(SourceRow row) {
  const std::size_t bytes = WireBytes(row.row);
  const bool local = !row.problems.empty();
  bytes_ += bytes;
  entries_.push_back({std::move(row), bytes, local});
  AnswerLocalRows();
}

void RowWindow::AnswerLocalRows() {
  while (status_.ok() && !entries_.empty() && entries_.front().local) {
    v1::RowResult result = LocalResult(entries_.front().row);
    Pop(result);
  }
}

void RowWindow::Pop(v1::RowResult& result) {
  const Entry& entry = entries_.front();
  if (absl::Status status = sink_.OnResult(result, entry.row); !status.ok()) return Fail(status);
  answered_offset_ = entry.row.end;
  result_through_row_ = entry.row.row.row_number;
  bytes_ -= entry.bytes;
  entries_.pop_front();
  if (sent_ > 0) --sent_;
  room_.notify_all();
}

void RowWindow::Fail(const absl::Status& status) {
  status_ = status;
  room_.notify_all();
}

}  // namespace provisioning
