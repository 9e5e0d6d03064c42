// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "absl/status/status.h"
#include "client/csv/row_source.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// Takes the results of an import.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // Once per row, in row order; never two at a time. An error ends the import.
  virtual absl::Status OnResult(v1::RowResult& result, const SourceRow& row) = 0;
  // After some results, and before they count as held: a good moment to hand
  // them to the operating system.
  virtual absl::Status Flush() { return absl::OkStatus(); }
};

// The rows between the file and their results: those that were sent and are not
// answered yet are kept, so that they can be sent again over another stream.
// Rows that the reader found unfit are answered here, in their turn.
//
// One thread sends (Next), another receives (Answer); between two streams, when
// neither runs, Restart and GoOnAfter prepare the next one.
class RowWindow {
 public:
  struct Limits {
    std::size_t rows_max = 32 << 10;  // Kept at a time; Next waits above it.
    std::size_t bytes_max = 16 << 20;
    std::size_t batch_rows_max = 256;  // In one message.
    std::size_t batch_bytes_max = 64 << 10;
  };
  enum class Batch {
    kRows,
    kEnd,      // All rows of the file were sent.
    kStopped,  // Stop was called, or the source or the sink failed: see status().
  };

  // `source` stands before the first row that is to be sent. Both outlive this.
  RowWindow(RowSource& source, RowSink& sink, const Limits& limits);

  // Fills `rows` with the next rows to send. Waits while the window is full.
  Batch Next(v1::ImportRows& rows);
  // Takes results of the server, and wipes the passwords in them. INTERNAL: one
  // of them is not the one that is due.
  absl::Status Answer(v1::ImportResults& results);
  // Next gives no more rows. Any thread.
  void Stop();

  // Everything without a result is to be sent again.
  void Restart();
  // Rows up to `row_number` have their results, those above it have none,
  // whatever was said before: reads the source again from the row behind it.
  absl::Status GoOnAfter(std::int64_t row_number);

  // The sink failed, or the source, which does not keep what was sent from being
  // answered.
  absl::Status status() const;
  // The last row that the server answered, also before GoOnAfter; 0: none.
  std::int64_t answered_through_row() const;
  // The last row that has a result, the server's or the reader's; 0: none.
  std::int64_t result_through_row() const;
  // How many results the server gave.
  std::int64_t answered_rows() const;
  // Where in the file the last answered record ends.
  std::int64_t answered_offset() const;
  // All rows of the file have their results.
  bool done() const;

 private:
  struct Entry {
    SourceRow row;
    std::size_t bytes;
    bool local;
  };

  // All of them: mutex_ held.
  bool Full() const;
  // True: `rows` is full.
  bool AddToBatch(v1::ImportRows& rows, std::size_t& batch_bytes);
  void Push(SourceRow row);
  void AnswerLocalRows();
  absl::Status AnswerRow(v1::RowResult& result);
  void Pop(v1::RowResult& result);
  void Fail(const absl::Status& status);

  RowSource& source_;  // The sending thread's.
  RowSink& sink_;      // Guarded by mutex_.
  const Limits limits_;

  mutable std::mutex mutex_;
  std::condition_variable room_;
  // All below: guarded by mutex_.
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::size_t sent_ = 0;  // So many of entries_, from the front, need not be sent.
  bool source_ended_ = false;
  bool stopped_ = false;
  absl::Status status_;  // Of the sink.
  absl::Status source_status_;
  std::int64_t answered_through_row_ = 0;
  std::int64_t result_through_row_ = 0;
  std::int64_t answered_rows_ = 0;
  std::int64_t answered_offset_ = 0;
};

}  // namespace provisioning
