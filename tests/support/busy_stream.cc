// SPDX-License-Identifier: Apache-2.0
#include "tests/support/busy_stream.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/time/clock.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/model/uuid.h"
#include "tests/bench/random_rows.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {

BusyStream::BusyStream(const std::shared_ptr<grpc::Channel>& channel, const Options& options)
    : options_(options), seed_(std::random_device()()), stub_(channel) {
  if (options_.import_id.empty()) options_.import_id = Uuid::NewV7(absl::Now()).ToString();
  stub_.PrepareBidiStreamingCall(&context_, import_method, grpc::StubOptions(), this);
  StartRead(&incoming_);
  SendStart();
  StartCall();
}

BusyStream::~BusyStream() {
  Cancel();
  (void)Wait();
}

grpc::Status BusyStream::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return status_.has_value(); });
  return *status_;
}

bool BusyStream::Wait(absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, absl::ToChronoMilliseconds(timeout),
                           [this] { return status_.has_value(); });
}

bool BusyStream::WaitForAnswers(std::int64_t rows) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return rows_answered_ >= rows || status_.has_value(); });
  return rows_answered_ >= rows;
}

std::int64_t BusyStream::rows_answered() const {
  std::lock_guard lock(mutex_);
  return rows_answered_;
}

std::int64_t BusyStream::wrong_answers() const {
  std::lock_guard lock(mutex_);
  return wrong_answers_;
}

bool BusyStream::has_summary() const {
  std::lock_guard lock(mutex_);
  return summary_;
}

void BusyStream::SendStart() {
  v1::ImportClientsRequest message;
  v1::ImportStart& start = *message.mutable_start();
  start.set_organization_id(options_.organization_id);
  start.set_import_id(options_.import_id);
  if (!options_.given_passwords) start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  outgoing_ = ToBytes(message);
  StartWrite(&outgoing_);
}

void BusyStream::SendNext() {
  if (ended_) return StartWritesDone();
  v1::ImportClientsRequest message;
  std::int64_t rows = options_.rows_per_message;
  if (options_.rows_max > 0) rows = std::min(rows, options_.rows_max - rows_sent_);
  if (rows == 0) {
    message.mutable_end();
    ended_ = true;
  } else if (options_.rows_unanswered_max > 0 &&
             rows_sent_ + rows - rows_answered_ > options_.rows_unanswered_max) {
    waits_ = true;
    return;
  }
  for (; rows > 0; --rows) {
    v1::ClientRow& row = *message.mutable_rows()->add_rows();
    row = RandomRow(++rows_sent_, seed_);
    if (options_.given_passwords) {
      row.set_initial_password("correct horse " + std::to_string(rows_sent_));
    }
  }
  outgoing_ = ToBytes(message);
  StartWrite(&outgoing_);
}

void BusyStream::OnWriteDone(bool ok) {
  if (!ok) return;
  std::lock_guard lock(mutex_);
  SendNext();
}

void BusyStream::OnReadDone(bool ok) {
  if (!ok) return;
  {
    std::lock_guard lock(mutex_);
    CountAnswers();
    if (std::exchange(waits_, false)) SendNext();
  }
  changed_.notify_all();
  StartRead(&incoming_);
}

void BusyStream::CountAnswers() {
  v1::ImportClientsResponse response;
  if (!FromBytes(incoming_, response)) ++wrong_answers_;
  for (const v1::RowResult& result : response.results().results()) {
    const bool right =
        result.row_number() == ++rows_answered_ && result.outcome() == v1::ROW_OUTCOME_CREATED;
    if (!right) ++wrong_answers_;
  }
  summary_ = summary_ || response.has_summary();
}

void BusyStream::OnDone(const grpc::Status& status) {
  std::lock_guard lock(mutex_);
  status_ = status;
  changed_.notify_all();
}

}  // namespace provisioning
