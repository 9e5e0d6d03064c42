// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/import_clients_reactor.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "grpcpp/server_context.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "service/model/error.h"
#include "service/model/secret_string.h"
#include "service/rpc/call_context.h"
#include "service/rpc/message_conversion.h"
#include "service/rpc/request_parser.h"
#include "service/rpc/results_message.h"
#include "service/rpc/status_conversion.h"

namespace provisioning {
namespace {

// The memory of a message that is wiped when gRPC has done with it: passwords
// stand in it.
grpc::Slice SecretSlice(std::unique_ptr<std::string> bytes) {
  std::string* const owned = bytes.release();
  return {owned->data(), owned->size(),
          [](void* done) {
            const std::unique_ptr<std::string> text(static_cast<std::string*>(done));
            WipeString(*text);
          },
          owned};
}

VerbSet VerbsOf(const StreamStart& start) {
  VerbSet verbs = start.validate_only ? Verb::kValidate : Verb::kImport;
  if (start.options.existing_account == ExistingAccount::kReissuePending) verbs.Add(Verb::kReissue);
  return verbs;
}

}  // namespace

ImportClientsReactor::ImportClientsReactor(ImportCore& core, const AccessControl& access,
                                           grpc::CallbackServerContext& context, Caller caller,
                                           StreamPlace place)
    : core_(core),
      access_(access),
      context_(context),
      caller_(std::move(caller)),
      place_(std::move(place)),
      stream_(core.NewStream(*this)) {
  StartRead(&request_);
}

void ImportClientsReactor::OnReadDone(bool ok) {
  if (!ok) return stream_->CloseInput();
  grpc::ProtoBufferReader bytes(&request_);
  absl::StatusOr<ImportRequest> request = ParseImportRequest(bytes);
  request_.Clear();
  if (!request.ok()) {
    stream_->Refuse(request.status());
  } else if (auto* start = std::get_if<StreamStart>(&*request)) {
    SetSubject(context_, start->organization_id.value(), start->import_id.ToString());
    Begin(std::move(*start));
  } else if (auto* rows = std::get_if<std::vector<ClientRow>>(&*request)) {
    stream_->AddRows(std::move(*rows));
  } else {
    stream_->End();
  }
}

void ImportClientsReactor::Begin(StreamStart start) {
  start.caller = caller_;
  start.may_go_on = [&access = access_, caller = caller_,
                     organization_id = start.organization_id.value(), verbs = VerbsOf(start)] {
    return access.Check(caller, organization_id, verbs);
  };
  absl::Status status = start.may_go_on();
  if (!status.ok()) return stream_->Refuse(std::move(status));
  stream_->Start(std::move(start));
}

void ImportClientsReactor::OnReadyForMessage() { StartRead(&request_); }

void ImportClientsReactor::OnCancel() { stream_->Cancel(); }

void ImportClientsReactor::OnDone() { delete this; }

void ImportClientsReactor::OnStarted(std::int64_t settled_through_row) {
  v1::ImportClientsResponse message;
  v1::ImportStarted& started = *message.mutable_started();
  started.set_settled_through_row(settled_through_row);
  *started.mutable_limits() = LimitsMessage(core_.dependencies().hashing_pool.hashes_per_second());
  Send(message.SerializeAsString(), 0);
}

void ImportClientsReactor::OnResults(std::vector<RowResult> results) {
  for (std::span<const RowResult> rest = results; !rest.empty();) {
    const ResultsMessage message(rest);
    auto bytes = std::make_unique<std::string>(message.size(), '\0');
    message.Write({reinterpret_cast<std::uint8_t*>(bytes->data()), bytes->size()});
    Send(SecretSlice(std::move(bytes)), static_cast<std::int64_t>(message.row_count()));
    rest = rest.subspan(message.row_count());
  }
}

void ImportClientsReactor::OnProgress(const StreamProgress& progress) {
  v1::ImportClientsResponse message;
  ToMessage(progress, *message.mutable_progress());
  const grpc::Slice slice(message.SerializeAsString());
  std::lock_guard lock(mutex_);
  // A caller who reads slowly gets the newest progress next, and no pile of it.
  progress_ = grpc::ByteBuffer(&slice, 1);
  if (outgoing_.empty()) WriteNext();
}

void ImportClientsReactor::OnSummary(const StreamSummary& summary) {
  v1::ImportClientsResponse message;
  ToMessage(summary, *message.mutable_summary());
  Send(message.SerializeAsString(), 0);
}

void ImportClientsReactor::Send(const grpc::Slice& message, std::int64_t row_count) {
  std::lock_guard lock(mutex_);
  outgoing_.push_back({grpc::ByteBuffer(&message, 1), row_count});
  if (outgoing_.size() == 1) StartWrite(&outgoing_.front().bytes);
}

void ImportClientsReactor::WriteNext() {
  if (progress_) {
    outgoing_.push_front({*std::move(progress_), 0});
    progress_.reset();
  }
  if (!outgoing_.empty()) StartWrite(&outgoing_.front().bytes);
}

void ImportClientsReactor::OnWriteDone(bool ok) {
  std::int64_t row_count = 0;
  std::optional<grpc::Status> finish;
  {
    std::lock_guard lock(mutex_);
    row_count = outgoing_.front().row_count;
    outgoing_.pop_front();
    // A caller who has gone gets nothing more; OnCancel says so to the stream.
    if (!ok) {
      outgoing_.clear();
      progress_.reset();
    }
    WriteNext();
    if (outgoing_.empty()) finish = finish_status_;
  }
  if (row_count > 0) stream_->RowsSent(row_count);
  if (finish) End(*finish);
}

void ImportClientsReactor::OnFinished(const absl::Status& status,
                                      std::int64_t settled_through_row) {
  grpc::Status converted = ToGrpcStatus(status, settled_through_row);
  {
    std::lock_guard lock(mutex_);
    finish_status_ = converted;
    progress_.reset();
    if (!outgoing_.empty()) {
      // It takes not even messages without results (a window of 0 does that), or its
      // results were waited for long enough: it would not take the status either.
      const bool has_rows = std::ranges::any_of(
          outgoing_, [](const Outgoing& message) { return message.row_count > 0; });
      if (has_rows || ReasonOf(status) == ErrorReason::kStreamIdle) context_.TryCancel();
      return;
    }
  }
  End(converted);
}

// The place is free before the caller can know that the call has ended.
void ImportClientsReactor::End(const grpc::Status& status) {
  place_.Leave();
  Finish(status);
}

}  // namespace provisioning
