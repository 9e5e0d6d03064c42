// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "service/import/import_core.h"
#include "service/import/import_sink.h"

namespace provisioning {

// A caller of one stream, without the network: sends when the stream asks for
// more, and keeps all answers. Its methods wait, and return at once when the
// stream has ended.
class StreamCaller final : public ImportSink {
 public:
  explicit StreamCaller(ImportCore& core);
  // Cancels a stream that has not ended, and waits for its end.
  ~StreamCaller() override;

  // One message each.
  void Start(StreamStart start);
  void SendRows(std::vector<ClientRow> rows);
  void End();
  void Refuse(absl::Status status);
  // Half-close.
  void Close();
  void Cancel();

  // False: results are kept but not acknowledged, as by a caller who does not
  // read.
  void Read(bool reads);

  // Whether the stream asks for a message now.
  bool ready() const;
  void WaitForResults(std::size_t count);
  // The end's status.
  absl::Status Wait();

  std::vector<RowResult> TakeResults();
  std::int64_t settled_at_start() const;
  std::int64_t settled_at_end() const;
  std::optional<StreamSummary> summary() const;
  std::vector<StreamProgress> progress() const;

 private:
  void OnStarted(std::int64_t settled_through_row) override;
  void OnReadyForMessage() override;
  void OnResults(std::vector<RowResult> results) override;
  void OnProgress(const StreamProgress& progress) override;
  void OnSummary(const StreamSummary& summary) override;
  void OnFinished(const absl::Status& status, std::int64_t settled_through_row) override;

  bool AwaitTurn();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = true;
  bool reads_ = true;
  std::int64_t unread_ = 0;
  std::vector<RowResult> results_;
  std::vector<StreamProgress> progress_;
  std::int64_t settled_at_start_ = -1;
  std::int64_t settled_at_end_ = -1;
  std::optional<StreamSummary> summary_;
  std::optional<absl::Status> status_;
  std::shared_ptr<ImportStream> stream_;
};

}  // namespace provisioning
