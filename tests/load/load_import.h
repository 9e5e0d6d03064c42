// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "provisioning/v1/client_provisioning_service.pb.h"
#include "tests/load/row_feed.h"
#include "tests/load/row_planner.h"
#include "tests/load/run_record.h"

namespace provisioning {

// One import of the run, without the network: what is sent next, and whether
// what comes back is right. Not for several threads at once.
class LoadImport {
 public:
  struct Place {
    std::int64_t index = 0;  // Of the run's imports.
    int organization = 0;
    std::int64_t rows_max = 0;
    std::int64_t first_person = 0;
    std::int64_t cut_after_row = 0;  // Cut once this row is answered; 0: never.
  };
  // What all imports of a run share; outlives them.
  struct Run {
    const LoadOptions& options;
    RunRecord& record;
    std::function<std::int64_t()> now;  // Nanoseconds since the start.
    std::string session_id;
  };

  // `feed` and `known` outlive it.
  LoadImport(const Run& run, RowFeed& feed, KnownClients& known, const Place& place);

  // What is sent next: start, rows, end. Nothing: no row is due yet, or `end` was
  // sent.
  std::optional<v1::ImportClientsRequest> NextMessage();
  bool end_sent() const { return end_sent_; }

  // Checks and counts an answer. False: the caller is to cancel the stream now.
  bool Take(const v1::ImportClientsResponse& response);
  void TakeUnreadable();

  enum class After { kDone, kFailed, kResume };
  // The stream has ended. `status`: "OK", or a status and its reason. `given_up`:
  // cancelled because the run is over. After kResume, NextMessage starts anew.
  After End(const std::string& status, const std::string& message, bool given_up);

 private:
  struct SentRow {
    RowPlan plan;
    std::int64_t due = 0;
    std::int64_t sent = 0;
    std::size_t address = 0;
    bool answered = false;
  };

  v1::ImportClientsRequest StartMessage();
  v1::ImportClientsRequest RowsAgain();
  std::optional<v1::ImportClientsRequest> NewRows();
  void Send(SentRow& row, v1::ImportRows& message);

  void TakeResults(const v1::ImportResults& results);
  void TakeResult(const v1::RowResult& result, AnsweredRows& answered);
  void CheckAndCount(const v1::RowResult& result, SentRow& row, AnsweredRows& answered);
  void TakeSummary(const v1::ImportSummary& summary);
  void CheckEnd();
  std::int64_t RowsUnknown() const;
  void Wrong(const WrongAnswer& wrong, bool row);

  const Run& run_;
  RowFeed& feed_;
  KnownClients& known_;
  const Place place_;
  const std::string import_id_;
  RowPlanner planner_;

  // Rows without a result, and answered ones behind them; numbers without a gap.
  std::deque<SentRow> window_;
  std::size_t resent_ = 0;  // Of window_, how many were sent in this attempt.
  // The first answers to rows that are sent again.
  std::map<std::int64_t, v1::RowResult> first_answers_;
  std::int64_t begin_time_ = 0;
  int attempt_ = 0;

  // Of this attempt.
  bool start_sent_ = false;
  bool end_sent_ = false;
  bool started_ = false;
  bool summary_came_ = false;
  bool cutting_ = false;
  OutcomeTally outcomes_{};
  std::int64_t replayed_ = 0;
};

}  // namespace provisioning
