// SPDX-License-Identifier: Apache-2.0
#include "service/import/import_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/import/import_core.h"
#include "service/import/row_result_builder.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

// Rows that are checked in one turn of the strand, so that streams alternate.
constexpr std::size_t rows_per_turn = 256;
// What a row costs beside its cells.
constexpr std::int64_t row_overhead_bytes = 300;
// A caller who sent `end` and does not close its side gets its summary after
// this many ticks; who does gets it at once.
constexpr int ticks_to_close = 2;
// A stream that was ended from this side goes without its caller's taking the results
// that are left, if none is taken for this many ticks.
constexpr int ticks_to_take = 60;

std::int64_t CostOf(const ClientRow& row) {
  return row_overhead_bytes +
         static_cast<std::int64_t>(row.email_address.size() + row.initial_password.size() +
                                   row.first_name.size() + row.last_name.size() +
                                   row.birthdate.size() + row.gender.size() +
                                   row.password_hash.size());
}

absl::Status Draining() {
  return MakeError(ErrorReason::kDraining,
                   "the server is shutting down; resume at the first row without a result");
}

bool MayBeRejected(const PreparedRow& row) {
  return !row.row.accepted() || (!row.row.has_password() && !row.credential);
}

}  // namespace

ImportStream::ImportStream(ImportCore& core, ImportSink& sink)
    : core_(core),
      sink_(sink),
      strand_(core.dependencies().workers),
      commit_rows_max_(core.options().commit_rows_max),
      started_at_(core.dependencies().clock.Now()) {}

void ImportStream::Post(absl::AnyInvocable<void()> task) {
  strand_.Post([self = shared_from_this(), task = std::move(task)]() mutable {
    if (!self->finished_) task();
  });
}

void ImportStream::Start(StreamStart start) {
  Post([this, start = std::move(start)]() mutable {
    TakeInput([this, start = std::move(start)]() mutable { DoStart(std::move(start)); });
  });
}

void ImportStream::AddRows(std::vector<ClientRow> rows) {
  Post([this, rows = std::move(rows), now = RowArrivals::Clock::now()]() mutable {
    if (!input_stopped_) CountUnderWay(rows);
    arrivals_.Add(static_cast<std::int64_t>(rows.size()), now);
    TakeInput([this, rows = std::move(rows)]() mutable { DoAddRows(std::move(rows)); });
  });
}

void ImportStream::End() {
  Post([this] { TakeInput([this] { DoEnd(); }); });
}

void ImportStream::Refuse(absl::Status status) {
  Post([this, status = std::move(status)]() mutable {
    TakeInput([this, status = std::move(status)]() mutable { StopInput(std::move(status)); },
              /*last=*/true);
  });
}

void ImportStream::CloseInput() {
  Post([this] { TakeInput([this] { DoCloseInput(); }, /*last=*/true); });
}

void ImportStream::RowsSent(std::int64_t count) {
  Post([this, count] {
    for (std::int64_t i = 0; i < count; ++i) {
      bytes_under_way_ -= unsent_costs_.front();
      core_.bytes_under_way() -= unsent_costs_.front();
      unsent_costs_.pop_front();
    }
    rows_unsent_ -= count;
    ticks_idle_ = 0;
    AskForMessage();
    FinishIfDone();
  });
}

void ImportStream::Cancel() {
  Post([this] { Finish(absl::CancelledError("the caller has gone")); });
}

void ImportStream::Drain() {
  Post([this] {
    draining_ = true;
    if (!stopped_at_row_) {
      const bool dropped = stage_ && stage_->DropUnready();
      const bool unchecked = rows_checking_ > 0 || !inputs_.empty();
      if (!input_stopped_ || dropped || unchecked) end_status_ = Draining();
      DropInput();
    }
    Advance();
  });
}

void ImportStream::TakeOver() {
  Post([this] {
    StopAtRow(MakeError(ErrorReason::kTakenOver,
                        "this import was taken over, by a newer stream or to be undone"));
    FinishIfDone();
  });
}

void ImportStream::Tick() {
  Post([this] {
    EndIfNotAllowed();
    if (!finished_) EndIfIdle();
    if (!start_ || finished_) return;
    if (input_ == Input::kEnded) {
      ++ticks_since_end_;
      Advance();
      if (finished_) return;
    }
    sink_.OnProgress(Progress());
  });
}

// The next message is read while the rows of this one are checked, and waits
// then, so that what is wrong with a stream is found in its order.
void ImportStream::TakeInput(absl::AnyInvocable<void()> input, bool last) {
  asked_for_message_ = false;
  ticks_idle_ = 0;
  if (input_stopped_) return;
  inputs_.push_back(std::move(input));
  if (!last) AskForMessage();
  NextInput();
}

void ImportStream::NextInput() {
  while (!checking_ && !finished_ && !inputs_.empty()) {
    absl::AnyInvocable<void()> input = std::move(inputs_.front());
    inputs_.pop_front();
    input();
  }
  if (!finished_) AskForMessage();
}

void ImportStream::DoStart(StreamStart start) {
  if (input_ != Input::kStart) {
    return StopInput(MakeError(
        input_ == Input::kRows ? ErrorReason::kStartRepeated : ErrorReason::kMessageAfterEnd,
        "a stream starts once; this message starts it again"));
  }
  if (start.options.temporary_password_ttl < core_.options().temporary_password_ttl_min) {
    return StopInput(TtlTooShort(core_.options().temporary_password_ttl_min));
  }
  input_ = Input::kRows;
  start_.emplace(std::move(start));
  strand_.BelongTo(start_->organization_id);
  const ImportCoreDependencies& with = core_.dependencies();
  if (start_->validate_only) {
    validator_.emplace(with.store, with.factory, *start_,
                       Validator::Limits{core_.options().validated_stream_rows_max,
                                         core_.options().validated_all_streams_rows_max},
                       core_.validated_rows_remembered());
  } else {
    if (!Claim()) return;
    stage_.emplace(
        CredentialStage::Dependencies{.store = with.store,
                                      .factory = with.factory,
                                      .hashing_pool = with.hashing_pool,
                                      .post =
                                          [weak = weak_from_this()](WorkerPool::Task task) {
                                            if (auto self = weak.lock())
                                              self->Post(std::move(task));
                                          },
                                      .on_progress = [this] { Advance(); }},
        *start_, claim_.settled_through_row, core_.options().hashing_rows_max);
  }
  sink_.OnStarted(claim_.settled_through_row);
}

bool ImportStream::Claim() {
  const ImportKey key{start_->organization_id, start_->import_id};
  auto claim =
      core_.dependencies().store.ClaimImport({.key = key,
                                              .options = start_->options,
                                              .session_id = start_->session_id,
                                              .attempt = start_->attempt,
                                              .answered_through_row = start_->answered_through_row,
                                              .now = core_.dependencies().clock.Now(),
                                              .caller = start_->caller});
  if (!claim.ok()) {
    if (const auto row = RowNumberOf(claim.status())) settled_through_row_ = *row;
    Finish(claim.status());
    return false;
  }
  claim_ = *claim;
  completed_ = claim_.complete;
  settled_through_row_ = claim_.settled_through_row;
  key_ = key;
  core_.Claimed(key, claim_.epoch, *this);
  return true;
}

void ImportStream::CountUnderWay(const std::vector<ClientRow>& rows) {
  std::int64_t cost = 0;
  for (const ClientRow& row : rows) cost += CostOf(row);
  bytes_under_way_ += cost;
  core_.bytes_under_way() += cost;
  rows_checking_ += static_cast<std::int64_t>(rows.size());
}

void ImportStream::DoAddRows(std::vector<ClientRow> rows) {
  if (input_ == Input::kStart) {
    return StopInput(
        MakeError(ErrorReason::kStartMissing, "the first message of a stream must be start"));
  }
  if (input_ != Input::kRows) {
    return StopInput(MakeError(ErrorReason::kMessageAfterEnd, "rows came after end"));
  }
  CheckRows(std::move(rows), 0);
}

void ImportStream::CheckRows(std::vector<ClientRow> rows, std::size_t begin) {
  checking_ = false;
  if (input_stopped_) return;
  const std::size_t end = std::min(begin + rows_per_turn, rows.size());
  const PasswordNeed need =
      start_->options.missing_password == MissingPassword::kReject &&
              start_->options.existing_account != ExistingAccount::kUpdateProfile
          ? PasswordNeed::kRequired
          : PasswordNeed::kOptional;
  std::vector<ReadyRow> checked;
  checked.reserve(end - begin);
  absl::Status order;
  for (std::size_t i = begin; i < end && order.ok(); ++i) {
    order = CheckOrder(rows[i].row_number);
    if (!order.ok()) break;
    const std::int64_t cost = CostOf(rows[i]);
    checked.push_back({{core_.dependencies().rules.Check(std::move(rows[i]), need), std::nullopt},
                       {.generated_password = {}, .cost_bytes = cost}});
  }
  rows_checking_ -= static_cast<std::int64_t>(end - begin);
  if (stage_) {
    stage_->Add(std::move(checked));
  } else {
    AnswerValidations(std::move(checked));
  }
  checking_ = order.ok() && end < rows.size();
  if (checking_) {
    Post([this, rows = std::move(rows), end]() mutable {
      CheckRows(std::move(rows), end);
      NextInput();
    });
  }
  if (!order.ok()) StopInput(std::move(order));
  if (!finished_) Advance();
}

absl::Status ImportStream::CheckOrder(std::int64_t row_number) {
  if (row_number <= last_row_number_) {
    return MakeRowError(ErrorReason::kRowNumberOrder,
                        last_row_number_ == 0
                            ? absl::StrCat("row numbers begin at 1, this one is ", row_number)
                            : absl::StrCat("row ", row_number, " came after row ", last_row_number_,
                                           "; row numbers must rise"),
                        row_number);
  }
  last_row_number_ = row_number;
  return absl::OkStatus();
}

void ImportStream::DoEnd() {
  if (input_ != Input::kRows) {
    return StopInput(MakeError(
        input_ == Input::kStart ? ErrorReason::kStartMissing : ErrorReason::kMessageAfterEnd,
        input_ == Input::kStart ? "the first message of a stream must be start"
                                : "end came twice"));
  }
  input_ = Input::kEnded;  // Another message there should be none; if there is, it is refused.
}

void ImportStream::DoCloseInput() {
  switch (input_) {
    case Input::kStart:
      return StopInput(MakeError(ErrorReason::kStartMissing, "the stream closed without start"));
    case Input::kRows:
      return StopInput(MakeError(ErrorReason::kEndMissing,
                                 "the stream closed without end, so the import stays open; resume "
                                 "it to send the rest, or to send end"));
    case Input::kEnded:
    case Input::kClosed:
      input_ = Input::kClosed;
      Advance();
  }
}

void ImportStream::StopInput(absl::Status status) {
  if (input_stopped_) return;
  DropInput();
  end_status_ = std::move(status);
  Advance();
}

void ImportStream::DropInput() {
  input_stopped_ = true;
  inputs_.clear();
  rows_checking_ = 0;
}

// A row was found that ends the stream: it comes before anything that the input
// was stopped for.
void ImportStream::StopAtRow(absl::Status status) {
  if (stage_) stage_->DropAll();
  DropInput();
  stopped_at_row_ = true;
  end_status_ = std::move(status);
}

bool ImportStream::HasRoom() const {
  if (bytes_under_way_ < core_.options().stream_bytes_floor) return true;
  return bytes_under_way_ < core_.options().stream_bytes_max &&
         core_.bytes_under_way() < core_.options().all_streams_bytes_max;
}

void ImportStream::AskForMessage() {
  if (asked_for_message_ || input_stopped_ || input_ == Input::kClosed) return;
  if (inputs_.size() + (checking_ ? 1 : 0) > 1 || !start_ || !HasRoom()) return;
  asked_for_message_ = true;
  sink_.OnReadyForMessage();
}

void ImportStream::Advance() {
  if (stage_) {
    if (absl::Status status = stage_->Advance(); !status.ok()) StopAtRow(std::move(status));
    StartCommit();
  }
  if (!finished_) FinishIfDone();
}

absl::Status ImportStream::MayGoOn() const {
  return start_->may_go_on ? start_->may_go_on() : absl::OkStatus();
}

void ImportStream::AnswerValidations(std::vector<ReadyRow> rows) {
  if (absl::Status status = MayGoOn(); !status.ok()) return StopAtRow(std::move(status));
  for (const ReadyRow& row : rows) unsent_costs_.push_back(row.memo.cost_bytes);
  auto results = validator_->Answer(std::move(rows));
  if (!results.ok()) return StopAtRow(results.status());
  // The row that passes the limit is the last one that is answered.
  std::int64_t rejected = totals_.rows[RowOutcome::kRejected];
  const std::int64_t limit = start_->rejected_rows_max;
  const auto passes = std::ranges::find_if(*results, [&](const RowResult& result) {
    return result.outcome == RowOutcome::kRejected && ++rejected > limit && limit > 0;
  });
  if (passes != results->end()) results->erase(passes + 1, results->end());
  totals_.duplicates_checked_through_row = validator_->duplicates_checked_through_row();
  Answer(std::move(*results));
}

void ImportStream::StartCommit() {
  if (committing_) return;
  const bool may_complete = CompletesNow() && !completed_;
  if (stage_->PeekReady() == nullptr && !may_complete) return;
  if (absl::Status status = MayGoOn(); !status.ok()) return StopAtRow(std::move(status));
  const absl::Time now = core_.dependencies().clock.Now();
  auto batch = std::make_shared<ImportBatch>(
      ImportBatch{.key = *key_,
                  .epoch = claim_.epoch,
                  .missing_password = start_->options.missing_password,
                  .existing_account = start_->options.existing_account,
                  .now = now,
                  .password_expires_at = now + start_->options.temporary_password_ttl,
                  .caller = start_->caller});
  TakeReadyRows(*batch);
  // A batch that may pass the limit of rejected rows must not complete the
  // import; if it does not pass it, an empty one completes it afterwards.
  batch->completes_import = CompletesNow() && !completed_ && !MayPassRejectedLimit(batch->rows);
  if (batch->rows.empty() && !batch->completes_import) return;
  committing_ = batch;
  // The core may be gone when the store answers; the observer is not.
  core_.dependencies().store.Commit(
      std::move(batch), [self = shared_from_this(), &observer = core_.dependencies().observer,
                         begin = RowArrivals::Clock::now()](absl::StatusOr<BatchAnswer> answer) {
        observer.OnCommitted(RowArrivals::Clock::now() - begin,
                             answer.ok() ? static_cast<std::int64_t>(answer->answers.size()) : 0,
                             answer.status());
        self->Post([stream = self.get(), answer = std::move(answer)]() mutable {
          stream->OnCommitted(std::move(answer));
        });
      });
}

// As many as one commit may have. With a limit on rejected rows none behind the
// row that may pass it: that one must be the last to be settled.
void ImportStream::TakeReadyRows(ImportBatch& batch) {
  const std::int64_t limit = start_->rejected_rows_max;
  std::int64_t rejected = totals_.rows[RowOutcome::kRejected];
  const auto count_max = static_cast<std::size_t>(std::min(stage_->rows_ready(), commit_rows_max_));
  batch.rows.reserve(count_max);
  committing_memos_.reserve(count_max);
  while (batch.rows.size() < count_max) {
    if (stage_->PeekReady() == nullptr || (limit > 0 && rejected > limit)) break;
    ReadyRow row = stage_->TakeReady();
    batch.rows.push_back(std::move(row.prepared));
    committing_memos_.push_back(std::move(row.memo));
    if (MayBeRejected(batch.rows.back())) ++rejected;
  }
}

bool ImportStream::MayPassRejectedLimit(const std::vector<PreparedRow>& rows) const {
  const std::int64_t limit = start_->rejected_rows_max;
  return limit > 0 &&
         totals_.rows[RowOutcome::kRejected] + std::ranges::count_if(rows, MayBeRejected) > limit;
}

void ImportStream::OnCommitted(absl::StatusOr<BatchAnswer> answer) {
  std::shared_ptr<ImportBatch> batch = std::exchange(committing_, nullptr);
  std::vector<RowMemo> memos = std::exchange(committing_memos_, {});
  if (!answer.ok()) {
    StopAtRow(answer.status());
    return FinishIfDone();
  }
  const std::size_t settled = answer->answers.size();
  std::vector<RowResult> results;
  results.reserve(settled);
  for (std::size_t i = 0; i < settled; ++i) {
    CheckedRow& row = batch->rows[i].row;
    stage_->Release(row, memos[i]);
    results.push_back(BuildRowResult(row, memos[i], answer->answers[i]));
    unsent_costs_.push_back(memos[i].cost_bytes);
    settled_through_row_ = std::max(settled_through_row_, row.row_number());
  }
  if (answer->stop == BatchStop::kNone && batch->completes_import) completed_ = true;
  std::vector<ReadyRow> rows;
  rows.reserve(memos.size() - settled);
  for (std::size_t i = settled; i < memos.size(); ++i) {
    rows.push_back({std::move(batch->rows[i]), std::move(memos[i])});
  }
  // What would only wait to be taken back again stays where it is.
  commit_rows_max_ = std::min<std::int64_t>(
      core_.options().commit_rows_max,
      2 * (answer->stop == BatchStop::kMadeWay ? static_cast<std::int64_t>(settled)
                                               : commit_rows_max_));
  if (answer->stop == BatchStop::kImportComplete) {
    const std::int64_t row_number = rows.front().prepared.row.row_number();
    StopAtRow(MakeRowError(ErrorReason::kImportCompleted,
                           absl::StrCat("the import is complete and takes no new rows; send row ",
                                        row_number, " in a new import"),
                           row_number));
  } else if (answer->stop == BatchStop::kNeedsCredential) {
    if (draining_ || stopped_at_row_) {
      stage_->DropAll();  // What is behind these rows must not be settled before them.
      if (!stopped_at_row_) end_status_ = Draining();
    } else {
      stage_->PutBack(std::move(rows));
    }
  } else if (answer->stop == BatchStop::kMadeWay && !stopped_at_row_) {
    stage_->PutBackReady(std::move(rows));
  }
  // Before the next batch is made.
  batch.reset();
  memos = std::vector<RowMemo>();
  Answer(std::move(results));
  if (!finished_) Advance();
}

void ImportStream::Answer(std::vector<RowResult> results) {
  ImportObserver::Answered answered{.validate_only = start_->validate_only};
  for (const RowResult& result : results) {
    ++answered.rows[result.outcome];
    if (result.replayed) ++answered.replayed_rows;
    for (const FieldIssue& warning : result.warnings) {
      if (warning.code == FieldIssueCode::kPasswordNotRepeatable) {
        ++totals_.passwords_not_repeatable;
      }
    }
  }
  totals_.rows += answered.rows;
  totals_.replayed_rows += answered.replayed_rows;
  if (!results.empty()) TellAnswered(answered);
  const std::int64_t limit = start_->rejected_rows_max;
  if (limit > 0 && totals_.rows[RowOutcome::kRejected] > limit) {
    StopAtRow(MakeError(
        ErrorReason::kTooManyRejected,
        absl::StrCat("more than ", limit, " rows were rejected, which is the limit of this stream"),
        "rejected_rows_max"));
  }
  rows_unsent_ += static_cast<std::int64_t>(results.size());
  if (!results.empty()) sink_.OnResults(std::move(results));
}

void ImportStream::TellAnswered(ImportObserver::Answered& answered) {
  const auto waits = arrivals_.Take(answered.rows.total(), RowArrivals::Clock::now());
  answered.waits = waits;
  core_.dependencies().observer.OnAnswered(answered);
}

// Every row that came is answered and every answer was taken: what comes next is
// the caller's turn. Not so while we hash, commit or have no room to read, nor while
// results wait to be read, however long that takes.
bool ImportStream::WaitsForCaller() const {
  return asked_for_message_ && !input_stopped_ && rows_unsent_ == 0 && inputs_.empty() &&
         !HasWork();
}

// Also without a next batch: a stream that is held up, or says nothing, has none.
void ImportStream::EndIfNotAllowed() {
  if (!start_ || input_stopped_) return;
  if (absl::Status status = MayGoOn(); !status.ok()) {
    StopAtRow(std::move(status));
    FinishIfDone();
  }
}

void ImportStream::EndIfIdle() {
  const bool only_unsent = input_stopped_ && rows_unsent_ > 0 && !HasWork();
  ticks_idle_ = only_unsent || WaitsForCaller() ? ticks_idle_ + 1 : 0;
  // Whose right was taken away must not stay by not reading.
  if (only_unsent && ticks_idle_ >= ticks_to_take) return Finish(end_status_);
  const int ticks_max = core_.options().idle_ticks_max;
  if (only_unsent || ticks_max == 0 || ticks_idle_ < ticks_max) return;
  StopInput(MakeError(ErrorReason::kStreamIdle,
                      "nothing came over this stream for long; resume at the first row without a "
                      "result"));
}

// Rows that are not answered yet.
bool ImportStream::HasWork() const {
  return committing_ || (stage_ && !stage_->empty()) || rows_checking_ > 0;
}

bool ImportStream::CompletesNow() const {
  const bool closed =
      input_ == Input::kClosed || (input_ == Input::kEnded && ticks_since_end_ >= ticks_to_close);
  return closed && !input_stopped_ && (!stage_ || stage_->empty()) && rows_checking_ == 0;
}

void ImportStream::FinishIfDone() {
  if (HasWork()) return;
  // Results that nobody takes stay counted among what is under way.
  if (rows_unsent_ > 0) return;
  if (input_stopped_) return Finish(end_status_);
  if (!CompletesNow() || !(validator_ || completed_)) return;
  // The wall clock may have been set back meanwhile.
  totals_.elapsed = std::max(core_.dependencies().clock.Now() - started_at_, absl::ZeroDuration());
  sink_.OnSummary(totals_);
  Finish(absl::OkStatus());
}

void ImportStream::Finish(absl::Status status) {
  finished_ = true;
  inputs_.clear();
  if (stage_) stage_->DropAll();
  validator_.reset();
  core_.bytes_under_way() -= std::exchange(bytes_under_way_, 0);
  TellWaiting({});
  core_.Finished(*this);
  sink_.OnFinished(status, settled_through_row_);
}

StreamProgress ImportStream::Progress() {
  StreamProgress progress;
  progress.rows = totals_.rows;
  progress.replayed_rows = totals_.replayed_rows;
  progress.rows_per_second = rate_.Update(core_.dependencies().clock.Now(), totals_.rows.total());
  progress.waiting = Waiting();
  TellWaiting(progress.waiting);
  return progress;
}

RowsWaiting ImportStream::Waiting() const {
  RowsWaiting waiting{.checking = rows_checking_, .sending = rows_unsent_};
  if (stage_) {
    waiting.look_up = stage_->rows_checked();
    waiting.hashing = stage_->rows_hashing();
    waiting.commit = stage_->rows_ready() + static_cast<std::int64_t>(committing_memos_.size());
  }
  return waiting;
}

void ImportStream::TellWaiting(const RowsWaiting& waiting) {
  core_.WaitingChanged(told_waiting_, waiting);
  told_waiting_ = waiting;
}

}  // namespace provisioning
