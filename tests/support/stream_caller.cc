// SPDX-License-Identifier: Apache-2.0
#include "tests/support/stream_caller.h"

#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/cord.h"

namespace provisioning {
namespace {

// Shares nothing with `status`: the counting of what copies share is in
// Abseil's library, where ThreadSanitizer does not see it.
absl::Status CopyOf(const absl::Status& status) {
  absl::Status copy(status.code(), status.message());
  status.ForEachPayload([&copy](absl::string_view url, const absl::Cord& payload) {
    copy.SetPayload(url, absl::Cord(std::string(payload)));
  });
  return copy;
}

}  // namespace

StreamCaller::StreamCaller(ImportCore& core) : stream_(core.NewStream(*this)) {}

StreamCaller::~StreamCaller() {
  Cancel();
  (void)Wait();
}

bool StreamCaller::AwaitTurn() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ready_ || status_; });
  if (status_) return false;
  ready_ = false;
  return true;
}

void StreamCaller::Start(StreamStart start) {
  if (AwaitTurn()) stream_->Start(std::move(start));
}

void StreamCaller::SendRows(std::vector<ClientRow> rows) {
  if (AwaitTurn()) stream_->AddRows(std::move(rows));
}

void StreamCaller::End() {
  if (AwaitTurn()) stream_->End();
}

void StreamCaller::Refuse(absl::Status status) {
  if (AwaitTurn()) stream_->Refuse(std::move(status));
}

void StreamCaller::Close() {
  if (AwaitTurn()) stream_->CloseInput();
}

void StreamCaller::Cancel() { stream_->Cancel(); }

void StreamCaller::Read(bool reads) {
  std::int64_t unread = 0;
  {
    std::lock_guard lock(mutex_);
    reads_ = reads;
    if (reads) unread = std::exchange(unread_, 0);
  }
  if (unread > 0) stream_->RowsSent(unread);
}

bool StreamCaller::ready() const {
  std::lock_guard lock(mutex_);
  return ready_;
}

void StreamCaller::WaitForResults(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return results_.size() >= count || status_; });
}

absl::Status StreamCaller::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return status_.has_value(); });
  return *status_;
}

std::vector<RowResult> StreamCaller::TakeResults() {
  std::lock_guard lock(mutex_);
  return std::exchange(results_, {});
}

std::int64_t StreamCaller::settled_at_start() const {
  std::lock_guard lock(mutex_);
  return settled_at_start_;
}

std::int64_t StreamCaller::settled_at_end() const {
  std::lock_guard lock(mutex_);
  return settled_at_end_;
}

std::optional<StreamSummary> StreamCaller::summary() const {
  std::lock_guard lock(mutex_);
  return summary_;
}

std::vector<StreamProgress> StreamCaller::progress() const {
  std::lock_guard lock(mutex_);
  return progress_;
}

void StreamCaller::OnStarted(std::int64_t settled_through_row) {
  std::lock_guard lock(mutex_);
  settled_at_start_ = settled_through_row;
}

void StreamCaller::OnReadyForMessage() {
  std::lock_guard lock(mutex_);
  ready_ = true;
  changed_.notify_all();
}

void StreamCaller::OnResults(std::vector<RowResult> results) {
  const auto count = static_cast<std::int64_t>(results.size());
  bool reads = false;
  {
    std::lock_guard lock(mutex_);
    std::ranges::move(results, std::back_inserter(results_));
    reads = reads_;
    if (!reads) unread_ += count;
    changed_.notify_all();
  }
  if (reads) stream_->RowsSent(count);
}

void StreamCaller::OnProgress(const StreamProgress& progress) {
  std::lock_guard lock(mutex_);
  progress_.push_back(progress);
  changed_.notify_all();
}

void StreamCaller::OnSummary(const StreamSummary& summary) {
  std::lock_guard lock(mutex_);
  summary_ = summary;
}

void StreamCaller::OnFinished(const absl::Status& status, std::int64_t settled_through_row) {
  std::lock_guard lock(mutex_);
  status_ = CopyOf(status);
  settled_at_end_ = settled_through_row;
  changed_.notify_all();
}

}  // namespace provisioning
