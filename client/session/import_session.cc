// SPDX-License-Identifier: Apache-2.0
#include "client/session/import_session.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "client/session/row_wire.h"
#include "service/model/uuid.h"

namespace provisioning {

ImportSession::ImportSession(Connect connect, Options options, RowWindow& window,
                             ImportObserver& observer, const Interrupt& interrupt)
    : connect_(std::move(connect)),
      options_(std::move(options)),
      window_(window),
      observer_(observer),
      interrupt_(interrupt),
      session_id_(Uuid::NewV7(absl::Now()).ToString()),
      backoff_(options_.backoff_first, options_.backoff_longest, std::random_device()()) {}

ImportEnd ImportSession::Run() {
  while (true) {
    const RpcError error = RunStream();
    if (const auto end = EndAfter(error)) return *end;
    if (AfterErrorOf(error) == AfterError::kStoreBehind) {
      failure_ = ForgetAfter(*error.settled_through_row);
      if (!failure_.ok()) return Ended(ImportEnd::Kind::kFailed);
    }
    window_.Restart();
    if (!WaitToReconnect(error)) {
      if (interrupt_.requested()) return Ended(ImportEnd::Kind::kInterrupted, error);
      const bool reached = first_settled_.has_value();
      return Ended(reached ? ImportEnd::Kind::kBrokenOff : ImportEnd::Kind::kUnreachable, error);
    }
    ++attempt_;
  }
}

std::optional<ImportEnd> ImportSession::EndAfter(const RpcError& error) {
  if (failure_.ok()) failure_ = window_.status();
  if (!failure_.ok()) return Ended(ImportEnd::Kind::kFailed, error);
  if (summary_) {
    if (window_.done()) return Ended(ImportEnd::Kind::kComplete);
    failure_ = absl::InternalError("the server ended the import before it answered every row");
    return Ended(ImportEnd::Kind::kFailed);
  }
  if (interrupt_.requested()) return Ended(ImportEnd::Kind::kInterrupted, error);
  if (AfterErrorOf(error) == AfterError::kStop) return Ended(ImportEnd::Kind::kRefused, error);
  return std::nullopt;
}

ImportEnd ImportSession::Ended(ImportEnd::Kind kind, const RpcError& error) const {
  return {.kind = kind,
          .error = error,
          .failure = failure_,
          .summary = summary_.value_or(v1::ImportSummary())};
}

RpcError ImportSession::RunStream() {
  const auto stub = connect_();
  grpc::ClientContext context;
  const auto stream = stub->ImportClients(&context);
  v1::ImportClientsRequest request;
  *request.mutable_start() = NextStart();
  bool silent = false;
  {
    StreamWatch watch(
        context, interrupt_, options_.watch,
        [this, &context] {
          // Nothing is under way yet, so there is nothing to wait for.
          if (!sending_) context.TryCancel();
          window_.Stop();
          observer_.OnInterrupt();
        },
        [this] { observer_.OnTick(); });
    if (stream->Write(request)) Receive(*stream, context, watch);
    silent = watch.silent();
  }
  RpcError error = ReadRpcError(stream->Finish());
  if (silent) error.message = "nothing was heard from the server for some time";
  return error;
}

void ImportSession::Receive(Stream& stream, grpc::ClientContext& context, StreamWatch& watch) {
  std::thread sender;
  v1::ImportClientsResponse response;
  while (stream.Read(&response)) {
    watch.Heard();
    if (failure_.ok()) failure_ = Handle(response);
    if (!failure_.ok()) context.TryCancel();
    // Rows wait for `started`: without it, it would not be known what an earlier
    // process may hold the answers of.
    if (failure_.ok() && response.has_started() && !sender.joinable()) {
      sending_ = true;
      sender = std::thread([this, &stream] { Send(stream); });
    }
  }
  window_.Stop();
  if (sender.joinable()) sender.join();
  sending_ = false;
}

void ImportSession::Send(Stream& stream) {
  v1::ImportClientsRequest request;
  while (true) {
    v1::ImportRows& rows = *request.mutable_rows();
    rows.Clear();
    const RowWindow::Batch batch = window_.Next(rows);
    if (batch == RowWindow::Batch::kStopped) break;
    if (batch == RowWindow::Batch::kEnd) {
      request.mutable_end();
      stream.Write(request);
      break;
    }
    const bool written = stream.Write(request);
    WipePasswords(rows);
    if (!written) return;
  }
  // Without `end`, this tells the server that the rest is yet to come.
  stream.WritesDone();
}

absl::Status ImportSession::Handle(v1::ImportClientsResponse& response) {
  if (response.has_started()) {
    if (!first_settled_) first_settled_ = response.started().settled_through_row();
    observer_.OnStarted(response.started());
  } else if (response.has_results()) {
    return window_.Answer(*response.mutable_results());
  } else if (response.has_progress()) {
    observer_.OnProgress(response.progress());
  } else if (response.has_summary()) {
    summary_ = response.summary();
  }
  return absl::OkStatus();
}

v1::ImportStart ImportSession::NextStart() {
  v1::ImportStart start = options_.start;
  start.set_session_id(session_id_);
  start.set_attempt(attempt_);
  if (const auto row = AnsweredThroughRow()) start.set_answered_through_row(*row);
  observer_.OnStarting(start);
  return start;
}

std::optional<std::int64_t> ImportSession::AnsweredThroughRow() const {
  if (options_.start.validate_only()) return std::nullopt;
  const std::int64_t answered = window_.answered_through_row();
  if (options_.holds_all_answers) return answered;
  if (!first_settled_) return std::nullopt;
  return std::max(answered, *first_settled_);
}

absl::Status ImportSession::ForgetAfter(std::int64_t row_number) {
  if (first_settled_) first_settled_ = std::min(*first_settled_, row_number);
  const auto holds_through = observer_.OnStoreBehind(row_number);
  if (!holds_through.ok()) return holds_through.status();
  // A run that repeats an import from its beginning may not have come so far yet.
  return window_.GoOnAfter(std::min(*holds_through, window_.result_through_row()));
}

bool ImportSession::WaitToReconnect(const RpcError& error) {
  const absl::Time now = absl::Now();
  if (window_.answered_rows() > rows_before_trouble_ || trouble_since_ == absl::InfiniteFuture()) {
    trouble_since_ = now;
    rows_before_trouble_ = window_.answered_rows();
    backoff_.Reset();
  }
  const absl::Duration wait = std::max(backoff_.Next(), error.retry_delay);
  const absl::Time until = now + wait;
  if (until > trouble_since_ + options_.reconnect_timeout) return false;
  observer_.OnReconnect(error, wait);
  while (absl::Now() < until) {
    if (interrupt_.requested()) return false;
    observer_.OnTick();
    absl::SleepFor(std::min(options_.watch.tick, until - absl::Now()));
  }
  return !interrupt_.requested();
}

}  // namespace provisioning
