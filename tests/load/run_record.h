// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/load/latency_histogram.h"
#include "tests/load/time_series.h"
#include "tests/load/wrong_answer.h"

namespace provisioning {

// v1::RowOutcome's values, 0 to 8.
inline constexpr std::size_t outcome_count = 9;
using OutcomeTally = std::array<std::int64_t, outcome_count>;

// Everything that is known of a run. Times are nanoseconds from its start.
struct RunFacts {
  static constexpr std::size_t examples_max = 5;

  struct Wrong {
    std::int64_t count = 0;
    std::vector<std::string> examples;  // The first few.
  };
  struct StreamError {
    std::int64_t count = 0;
    std::string example;  // The first message.
  };
  struct Memory {
    std::int64_t first_bytes = 0;
    std::int64_t last_bytes = 0;
    std::int64_t max_bytes = 0;
  };

  // Each row once, however often it was sent.
  std::int64_t rows_due = 0;  // Closed loop: rows sent.
  std::int64_t rows_sent = 0;
  std::int64_t rows_answered = 0;
  std::int64_t rows_wrong = 0;     // Of those answered.
  std::int64_t rows_unknown = 0;   // Sent, and their stream ended without their result.
  std::int64_t rows_resent = 0;    // After a cut.
  std::int64_t rows_replayed = 0;  // Results of rows that the server had settled before.
  std::int64_t answered_twice = 0;

  OutcomeTally outcomes{};
  std::int64_t streams_started = 0;  // Those that go on after a cut are started again.
  std::int64_t streams_ok = 0;
  std::int64_t streams_cut = 0;
  std::int64_t streams_given_up = 0;  // Cancelled at the end, because no answer came.
  std::map<std::string, StreamError> stream_errors;  // By status and reason.
  std::array<Wrong, wrong_kind_count> wrong;
  std::vector<std::int64_t> answered_by_organization;

  LatencyHistogram latency;       // From when a row was due to its result.
  LatencyHistogram service_time;  // From when it was sent.
  LatencyHistogram import_time;   // From the start of an import to its summary.
  TimeSeries series;
  std::int64_t length = 0;    // Of the run, its last answers included.
  std::int64_t late_max = 0;  // By how much the generator itself was behind its time.
  std::optional<Memory> memory;

  // Open loop: due, and never sent.
  std::int64_t rows_unsent() const { return rows_due - rows_sent; }
  std::int64_t wrong_count() const;
  std::int64_t stream_error_count() const;
  // Of the rows that were due, those without a right answer.
  double error_share() const;
  // Rows answered per second of the whole run, also when the server was away.
  double rate() const;
  // Jain's index of the organizations' answered rows: 1 when all have as many.
  double fairness() const;
};

// Some rows of one stream that were answered by one message.
struct AnsweredRows {
  struct Row {
    std::int64_t due;
    std::int64_t sent;
  };
  std::int64_t time = 0;
  int organization = 0;
  std::vector<Row> rows;  // Each for the first time.
  OutcomeTally outcomes{};
  std::int64_t replayed = 0;
  std::int64_t answered_twice = 0;
};

// Gathers the facts of a run. Any thread.
class RunRecord {
 public:
  RunRecord(int organizations, bool open_loop);

  void RowsDue(std::int64_t time, std::int64_t count);
  // `resent`: of those, the ones that were sent before.
  void RowsSent(std::int64_t time, std::int64_t count, std::int64_t resent);
  void RowsAnswered(const AnsweredRows& answered);
  // `row`: it is about the one answer to one row. `where` names the import.
  void Wrong(std::int64_t time, const WrongAnswer& wrong, const std::string& where, bool row);
  void StreamStarted();
  void StreamCut();
  void StreamOk(std::int64_t duration);
  void StreamFailed(std::int64_t time, const std::string& status, const std::string& message,
                    std::int64_t rows_unknown);
  void StreamGivenUp(std::int64_t time, std::int64_t rows_unknown);
  void GeneratorLate(std::int64_t late);
  void ServerMemory(std::int64_t time, std::int64_t resident_bytes);
  void RunEnded(std::int64_t time);

  // All so far.
  RunFacts facts() const;
  // Of the whole run: due, sent, answered, errors; cheap.
  struct Counts {
    std::int64_t due = 0;
    std::int64_t sent = 0;
    std::int64_t answered = 0;
    std::int64_t errors = 0;
  };
  Counts counts() const;

 private:
  const bool open_loop_;
  mutable std::mutex mutex_;
  RunFacts facts_;  // Guarded by mutex_.
};

}  // namespace provisioning
