// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_import.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "service/model/uuid.h"
#include "tests/load/answer_check.h"

namespace provisioning {
namespace {

OutcomeTally TallyOf(const v1::OutcomeCounts& counts) {
  OutcomeTally tally{};
  tally[v1::ROW_OUTCOME_REJECTED] = counts.rejected();
  tally[v1::ROW_OUTCOME_DUPLICATE_ROW] = counts.duplicate_row();
  tally[v1::ROW_OUTCOME_CONFLICTING_REPLAY] = counts.conflicting_replay();
  tally[v1::ROW_OUTCOME_ALREADY_EXISTS] = counts.already_exists();
  tally[v1::ROW_OUTCOME_UPDATED] = counts.updated();
  tally[v1::ROW_OUTCOME_REISSUED] = counts.reissued();
  tally[v1::ROW_OUTCOME_CREATED] = counts.created();
  tally[v1::ROW_OUTCOME_VALID] = counts.valid();
  return tally;
}

}  // namespace

LoadImport::LoadImport(const Run& run, RowFeed& feed, KnownClients& known, const Place& place)
    : run_(run),
      feed_(feed),
      known_(known),
      place_(place),
      import_id_(Uuid::NewV7(absl::Now()).ToString()),
      planner_(run.options, known, place.index, place.first_person),
      begin_time_(run.now()) {}

std::optional<v1::ImportClientsRequest> LoadImport::NextMessage() {
  if (end_sent_ || cutting_) return std::nullopt;
  if (!start_sent_) return StartMessage();
  if (resent_ < window_.size()) return RowsAgain();
  const bool full = planner_.planned() == place_.rows_max;
  if (!full) {
    if (auto message = NewRows()) return message;
  }
  if (!full && !feed_.Ended()) return std::nullopt;
  end_sent_ = true;
  v1::ImportClientsRequest message;
  message.mutable_end();
  return message;
}

v1::ImportClientsRequest LoadImport::StartMessage() {
  start_sent_ = true;
  run_.record.StreamStarted();
  v1::ImportClientsRequest message;
  v1::ImportStart& start = *message.mutable_start();
  start.set_organization_id(run_.options.OrganizationName(place_.organization));
  start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  start.set_session_id(run_.session_id);
  start.set_attempt(attempt_);
  if (run_.options.validate_only) {
    start.set_validate_only(true);
    return message;
  }
  start.set_import_id(import_id_);
  start.set_source_name("provision-load");
  if (attempt_ > 0) {
    start.set_answered_through_row(window_.empty() ? planner_.planned()
                                                   : window_.front().plan.number - 1);
  }
  return message;
}

void LoadImport::Send(SentRow& row, v1::ImportRows& message) {
  v1::ClientRow& wire = *message.add_rows();
  wire = MakeRow(row.plan, run_.options.address_seed);
  row.address = AddressMark(wire.email_address());
}

v1::ImportClientsRequest LoadImport::RowsAgain() {
  v1::ImportClientsRequest message;
  const std::size_t end =
      std::min(window_.size(), resent_ + static_cast<std::size_t>(run_.options.rows_per_message));
  const auto count = static_cast<std::int64_t>(end - resent_);
  const std::int64_t now = run_.now();
  for (; resent_ < end; ++resent_) {
    window_[resent_].sent = now;
    Send(window_[resent_], *message.mutable_rows());
  }
  run_.record.RowsSent(now, count, count);
  return message;
}

std::optional<v1::ImportClientsRequest> LoadImport::NewRows() {
  const std::int64_t left = place_.rows_max - planner_.planned();
  const std::vector<std::int64_t> due =
      feed_.Take(static_cast<int>(std::min<std::int64_t>(run_.options.rows_per_message, left)));
  if (due.empty()) return std::nullopt;
  v1::ImportClientsRequest message;
  for (const std::int64_t time : due) {
    SentRow& row = window_.emplace_back();
    row.plan = planner_.Next();
    row.due = time;
    Send(row, *message.mutable_rows());
  }
  const std::int64_t now = run_.now();
  for (std::size_t i = resent_; i < window_.size(); ++i) {
    window_[i].sent = now;
    // Closed loop: nothing is due but when it can go.
    if (!run_.options.open_loop()) window_[i].due = now;
  }
  resent_ = window_.size();
  run_.record.RowsSent(now, static_cast<std::int64_t>(due.size()), 0);
  return message;
}

void LoadImport::Wrong(const WrongAnswer& wrong, bool row) {
  run_.record.Wrong(run_.now(), wrong,
                    absl::StrCat(run_.options.OrganizationName(place_.organization), ", import ",
                                 run_.options.validate_only ? "(check only)" : import_id_),
                    row);
}

void LoadImport::TakeUnreadable() {
  Wrong({WrongKind::kMessage, "a message is no ImportClientsResponse"}, false);
}

bool LoadImport::Take(const v1::ImportClientsResponse& response) {
  if (cutting_) return true;
  if (response.has_started() == started_ || summary_came_) {
    Wrong({WrongKind::kMessage, "`started` is not the first message, or `summary` not the last"},
          false);
  }
  started_ = started_ || response.has_started();
  if (response.has_results()) TakeResults(response.results());
  if (response.has_summary()) TakeSummary(response.summary());
  return !cutting_;
}

void LoadImport::TakeResults(const v1::ImportResults& results) {
  AnsweredRows answered;
  answered.time = run_.now();
  answered.organization = place_.organization;
  answered.rows.reserve(static_cast<std::size_t>(results.results_size()));
  const std::int64_t last =
      results.results_size() == 0 ? 0 : results.results(results.results_size() - 1).row_number();
  const bool cut = attempt_ == 0 && place_.cut_after_row > 0 && last >= place_.cut_after_row;
  for (const v1::RowResult& result : results.results()) TakeResult(result, answered);
  run_.record.RowsAnswered(answered);
  if (cut) {
    // As a caller does who dies before it has written the message down.
    cutting_ = true;
    for (const v1::RowResult& result : results.results()) {
      first_answers_.emplace(result.row_number(), result);
    }
    run_.record.StreamCut();
    return;
  }
  while (!window_.empty() && window_.front().answered) {
    window_.pop_front();
    --resent_;
  }
}

void LoadImport::TakeResult(const v1::RowResult& result, AnsweredRows& answered) {
  const std::int64_t first = window_.empty() ? 0 : window_.front().plan.number;
  const std::int64_t place = result.row_number() - first;
  if (window_.empty() || place < 0 || place >= static_cast<std::int64_t>(resent_) ||
      window_[static_cast<std::size_t>(place)].answered) {
    Wrong({WrongKind::kUnexpectedRow, absl::StrCat("a result for row ", result.row_number())},
          false);
    return;
  }
  SentRow& row = window_[static_cast<std::size_t>(place)];
  row.answered = true;
  ++outcomes_[std::min<std::size_t>(result.outcome(), outcome_count - 1)];
  if (result.replayed()) ++replayed_;
  if (place > 0 && !window_[static_cast<std::size_t>(place) - 1].answered) {
    Wrong({WrongKind::kRowOrder,
           absl::StrCat("row ", result.row_number(), " before row ", result.row_number() - 1)},
          true);
    answered.rows.push_back({row.due, row.sent});
    ++answered.outcomes[std::min<std::size_t>(result.outcome(), outcome_count - 1)];
    return;
  }
  CheckAndCount(result, row, answered);
}

void LoadImport::CheckAndCount(const v1::RowResult& result, SentRow& row, AnsweredRows& answered) {
  auto wrong = CheckResult(row.plan, row.address, result, run_.options.validate_only);
  if (result.replayed()) ++answered.replayed;
  const auto first = first_answers_.find(result.row_number());
  if (first != first_answers_.end()) {
    if (!wrong) wrong = CheckReplay(first->second, result);
    ++answered.answered_twice;
    first_answers_.erase(first);
  } else {
    if (!wrong && result.replayed() && attempt_ == 0) {
      wrong = WrongAnswer{WrongKind::kReplay,
                          absl::StrCat("row ", result.row_number(), ": replayed in a new import")};
    }
    answered.rows.push_back({row.due, row.sent});
    ++answered.outcomes[std::min<std::size_t>(result.outcome(), outcome_count - 1)];
    const bool known = result.outcome() == v1::ROW_OUTCOME_CREATED && run_.options.existing > 0;
    if (known && result.row_number() % 8 == 1) known_.Offer(place_.index, row.plan.person);
  }
  if (wrong) Wrong(*wrong, true);
}

void LoadImport::TakeSummary(const v1::ImportSummary& summary) {
  summary_came_ = true;
  if (TallyOf(summary.rows()) != outcomes_ || summary.replayed_rows() != replayed_) {
    Wrong({WrongKind::kSummary, absl::StrCat("the summary says ", summary.ShortDebugString())},
          false);
  }
}

LoadImport::After LoadImport::End(const std::string& status, const std::string& message,
                                  bool given_up) {
  const std::int64_t now = run_.now();
  if (cutting_ && !given_up) {
    cutting_ = start_sent_ = end_sent_ = started_ = summary_came_ = false;
    outcomes_ = {};
    replayed_ = 0;
    resent_ = 0;
    ++attempt_;
    for (SentRow& row : window_) row.answered = false;
    return After::kResume;
  }
  if (status == "OK") {
    CheckEnd();
    run_.record.StreamOk(now - begin_time_);
    return After::kDone;
  }
  if (given_up) {
    run_.record.StreamGivenUp(now, RowsUnknown());
  } else {
    run_.record.StreamFailed(now, status, message, RowsUnknown());
    // In an open loop the next import sends them.
    const std::int64_t left = place_.rows_max - planner_.planned();
    if (!run_.options.open_loop() && !feed_.Ended()) run_.record.RowsDue(now, left);
  }
  return After::kFailed;
}

void LoadImport::CheckEnd() {
  if (!summary_came_) Wrong({WrongKind::kSummary, "OK without a summary"}, false);
  if (!end_sent_) Wrong({WrongKind::kMessage, "OK before `end` was sent"}, false);
  for (const SentRow& row : window_) {
    if (row.answered) continue;
    Wrong({WrongKind::kMissingResult, absl::StrCat("row ", row.plan.number)}, true);
  }
}

std::int64_t LoadImport::RowsUnknown() const {
  return std::ranges::count_if(window_, [this](const SentRow& row) {
    return !row.answered && !first_answers_.contains(row.plan.number);
  });
}

}  // namespace provisioning
