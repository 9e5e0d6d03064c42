// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/model/row_result.h"

namespace provisioning {

// Rows of a stream that wait for a stage, or are in it.
struct RowsWaiting {
  std::int64_t checking = 0;
  std::int64_t look_up = 0;
  std::int64_t hashing = 0;
  std::int64_t commit = 0;
  std::int64_t sending = 0;
};

struct StreamProgress {
  OutcomeCounts rows;
  std::int64_t replayed_rows = 0;
  double rows_per_second = 0;
  RowsWaiting waiting;
};

struct StreamSummary {
  OutcomeCounts rows;
  std::int64_t replayed_rows = 0;
  std::int64_t passwords_not_repeatable = 0;
  absl::Duration elapsed;
  std::int64_t duplicates_checked_through_row = 0;
};

// Where a stream's answers go. Called by one thread at a time; must be quick.
class ImportSink {
 public:
  virtual ~ImportSink() = default;

  // The import is ours; once, before anything else but OnFinished.
  virtual void OnStarted(std::int64_t settled_through_row) = 0;
  // The stream can take one more message. After the first message, which needs
  // no such call, each message waits for one.
  virtual void OnReadyForMessage() = 0;
  // Settled rows, in row order. Answer with ImportStream::RowsSent once they are
  // on their way.
  virtual void OnResults(std::vector<RowResult> results) = 0;
  virtual void OnProgress(const StreamProgress& progress) = 0;
  // All is done; OnFinished(OK) follows.
  virtual void OnSummary(const StreamSummary& summary) = 0;
  // The last call. `settled_through_row`: -1 if the import was never opened.
  virtual void OnFinished(const absl::Status& status, std::int64_t settled_through_row) = 0;
};

}  // namespace provisioning
