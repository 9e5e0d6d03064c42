// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/import/credential_stage.h"
#include "service/import/import_sink.h"
#include "service/import/rate_meter.h"
#include "service/import/ready_row.h"
#include "service/import/row_arrivals.h"
#include "service/import/strand.h"
#include "service/import/stream_start.h"
#include "service/import/validator.h"
#include "service/model/client_row.h"
#include "service/store/identity_store.h"

namespace provisioning {

class ImportCore;

// One stream of an import, from `start` to its end: checks the order of its
// messages, takes the rows through the stages, commits what is ready in row
// order, one batch at a time, and answers.
//
//   Start ------> claim (epoch, settled row) ------------------> OnStarted
//   AddRows ----> rules -> CredentialStage -> batch -> Commit -> OnResults
//   End + CloseInput -----------------> completing batch ------> OnSummary
//
// While a batch is being committed the next one grows, so commits get bigger
// as the disk gets slower.
//
// The edge calls the public methods, in the order in which things happen, from
// any thread; all return at once. Everything else runs on the stream's strand.
// After Cancel, or after an OnFinished, calls are ignored.
class ImportStream : public std::enable_shared_from_this<ImportStream> {
 public:
  // Both outlive the stream's OnFinished.
  ImportStream(ImportCore& core, ImportSink& sink);

  // One message was read; see ImportSink::OnReadyForMessage for the next.
  void Start(StreamStart start);
  void AddRows(std::vector<ClientRow> rows);
  void End();
  // A message that is none: the stream ends with `status`, after the rows before
  // it are settled and answered.
  void Refuse(absl::Status status);
  // The caller has closed its side.
  void CloseInput();

  // `count` results are on their way to the caller.
  void RowsSent(std::int64_t count);
  // The caller has gone.
  void Cancel();

  // See ImportCore.
  void Drain();
  void Tick();
  // A newer stream has the import.
  void TakeOver();
  // The import, once it is claimed. On the strand, or after OnFinished.
  const std::optional<ImportKey>& key() const { return key_; }

 private:
  enum class Input { kStart, kRows, kEnded, kClosed };

  void Post(absl::AnyInvocable<void()> task);

  // Messages.
  // `last`: no message comes behind it.
  void TakeInput(absl::AnyInvocable<void()> input, bool last = false);
  void NextInput();
  void DropInput();
  void DoStart(StreamStart start);
  bool Claim();
  void CountUnderWay(const std::vector<ClientRow>& rows);
  void DoAddRows(std::vector<ClientRow> rows);
  void CheckRows(std::vector<ClientRow> rows, std::size_t begin);
  absl::Status CheckOrder(std::int64_t row_number);
  void DoEnd();
  void DoCloseInput();
  // No more input; ends with `status` when all rows in hand are answered.
  void StopInput(absl::Status status);
  void StopAtRow(absl::Status status);
  void AskForMessage();
  bool HasRoom() const;

  // Stages.
  void Advance();
  void AnswerValidations(std::vector<ReadyRow> rows);
  absl::Status MayGoOn() const;
  void StartCommit();
  void TakeReadyRows(ImportBatch& batch);
  bool MayPassRejectedLimit(const std::vector<PreparedRow>& rows) const;
  void OnCommitted(absl::StatusOr<BatchAnswer> answer);
  void Answer(std::vector<RowResult> results);
  void TellAnswered(ImportObserver::Answered& answered);
  bool WaitsForCaller() const;
  void EndIfNotAllowed();
  void EndIfIdle();
  bool HasWork() const;
  bool CompletesNow() const;
  void FinishIfDone();
  void Finish(absl::Status status);
  StreamProgress Progress();
  RowsWaiting Waiting() const;
  void TellWaiting(const RowsWaiting& waiting);

  ImportCore& core_;
  ImportSink& sink_;
  Strand strand_;

  // The rest is touched on the strand only.
  std::optional<StreamStart> start_;
  std::optional<ImportKey> key_;
  ClaimedImport claim_;
  std::optional<CredentialStage> stage_;  // Unless validate_only.
  std::optional<Validator> validator_;    // If validate_only.
  Input input_ = Input::kStart;
  absl::Status end_status_;  // What StopInput said.
  bool input_stopped_ = false;
  bool draining_ = false;
  bool stopped_at_row_ = false;                    // What comes back from a commit is dropped.
  bool asked_for_message_ = true;                  // The edge reads the first by itself.
  std::deque<absl::AnyInvocable<void()>> inputs_;  // They wait while rows are checked.
  bool checking_ = false;                          // The rest of a message waits for its turn.
  int ticks_since_end_ = 0;
  int ticks_idle_ = 0;  // It waits for its caller for so long: a message, or to be read.
  bool finished_ = false;

  std::int64_t last_row_number_ = 0;
  std::int64_t settled_through_row_ = -1;
  std::shared_ptr<ImportBatch> committing_;  // Null: no commit is under way.
  std::vector<RowMemo> committing_memos_;    // Of its rows.
  std::int64_t commit_rows_max_;             // Smaller while others want the store too.
  bool completed_ = false;

  std::int64_t rows_checking_ = 0;
  std::int64_t rows_unsent_ = 0;
  std::deque<std::int64_t> unsent_costs_;  // Of answered rows, in order.
  RowArrivals arrivals_;                   // Of rows that are not answered yet.
  RowsWaiting told_waiting_;               // What the core was told last.
  std::int64_t bytes_under_way_ = 0;

  StreamSummary totals_;
  absl::Time started_at_;
  RateMeter rate_;
};

}  // namespace provisioning
