// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_import_call.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {

RawImportCall::RawImportCall(const std::shared_ptr<grpc::Channel>& channel, const Options& options)
    : stub_(channel) {
  if (options.deadline != absl::InfiniteDuration()) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + options.deadline));
  }
  stub_.PrepareBidiStreamingCall(&context_, import_method, grpc::StubOptions(), this);
  AddHold();  // Ops are started from outside of reactions, until Wait.
  if (options.reads) Read();
  StartCall();
}

RawImportCall::~RawImportCall() {
  Cancel();
  (void)Wait();
}

bool RawImportCall::Send(const v1::ImportClientsRequest& message, absl::Duration timeout) {
  return SendBytes(message.SerializeAsString(), timeout);
}

bool RawImportCall::SendBytes(const std::string& bytes, absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  if (writing_ || write_failed_ || closed_ || !holds_) return false;
  const grpc::Slice slice(bytes);
  request_ = grpc::ByteBuffer(&slice, 1);
  writing_ = true;
  lock.unlock();
  StartWrite(&request_);
  lock.lock();
  const auto taken = [this] { return !writing_; };
  if (timeout == absl::InfiniteDuration()) {
    changed_.wait(lock, taken);
  } else if (!changed_.wait_for(lock, absl::ToChronoMilliseconds(timeout), taken)) {
    return false;
  }
  return !write_failed_;
}

void RawImportCall::Close() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !writing_; });
  }
  if (!std::exchange(closed_, true)) StartWritesDone();
}

void RawImportCall::Cancel() { context_.TryCancel(); }

void RawImportCall::Read() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(reads_, true)) return;
  }
  StartRead(&response_);
}

template <typename Condition>
bool RawImportCall::WaitFor(Condition condition) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return condition() || read_ended_; });
  return condition();
}

bool RawImportCall::WaitForResults(std::size_t count) {
  return WaitFor([&] { return results_.size() >= count; });
}

bool RawImportCall::WaitForStarted() {
  return WaitFor([&] { return started_.has_value(); });
}

bool RawImportCall::WaitForProgress() {
  return WaitFor([&] { return progress_came_; });
}

grpc::Status RawImportCall::Wait() {
  if (std::exchange(holds_, false)) RemoveHold();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return status_.has_value(); });
  return *status_;
}

std::vector<v1::RowResult> RawImportCall::results() const {
  std::lock_guard lock(mutex_);
  return results_;
}

std::optional<v1::ImportStarted> RawImportCall::started() const {
  std::lock_guard lock(mutex_);
  return started_;
}

std::optional<v1::ImportSummary> RawImportCall::summary() const {
  std::lock_guard lock(mutex_);
  return summary_;
}

std::size_t RawImportCall::largest_response_bytes() const {
  std::lock_guard lock(mutex_);
  return largest_response_bytes_;
}

void RawImportCall::OnReadDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    if (ok) {
      KeepResponse();
    } else {
      read_ended_ = true;
    }
    changed_.notify_all();
  }
  if (ok) StartRead(&response_);
}

void RawImportCall::KeepResponse() {
  largest_response_bytes_ = std::max(largest_response_bytes_, response_.Length());
  v1::ImportClientsResponse message;
  if (!FromBytes(response_, message)) abort();
  if (message.has_started()) started_ = message.started();
  if (message.has_summary()) summary_ = message.summary();
  if (message.has_progress()) progress_came_ = true;
  for (v1::RowResult& result : *message.mutable_results()->mutable_results()) {
    results_.push_back(std::move(result));
  }
}

void RawImportCall::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  writing_ = false;
  write_failed_ |= !ok;
  changed_.notify_all();
}

void RawImportCall::OnDone(const grpc::Status& status) {
  std::lock_guard lock(mutex_);
  status_ = status;
  changed_.notify_all();
}

}  // namespace provisioning
