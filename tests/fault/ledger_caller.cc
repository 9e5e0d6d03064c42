// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/ledger_caller.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "tests/support/rpc_error.h"

namespace provisioning {
namespace {

constexpr std::size_t rows_per_message = 20;
using Stream = grpc::ClientReaderWriter<v1::ImportClientsRequest, v1::ImportClientsResponse>;

bool IsBroken(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED ||
         code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNKNOWN;
}

// Sends what has no result yet; stops when the stream does.
void SendRows(Stream& stream, const ImportPlan& plan, v1::ImportStart start) {
  const std::int64_t answered = start.answered_through_row();
  v1::ImportClientsRequest message;
  *message.mutable_start() = std::move(start);
  if (!stream.Write(message)) return;
  auto row = std::ranges::find_if(plan.rows, [&](const ImportPlan::Row& candidate) {
    return candidate.row.row_number() > answered;
  });
  while (row != plan.rows.end()) {
    message.Clear();
    for (std::size_t i = 0; i < rows_per_message && row != plan.rows.end(); ++i, ++row) {
      *message.mutable_rows()->add_rows() = row->row;
    }
    if (!stream.Write(message)) return;
  }
  message.Clear();
  message.mutable_end();
  stream.Write(message);
  stream.WritesDone();
}

}  // namespace

LedgerCaller::LedgerCaller(const ImportPlan& plan, std::string ledger_path, const Options& options,
                           const std::atomic<bool>& stop)
    : plan_(plan), ledger_(ledger_path), options_(options), stop_(stop), random_(options.seed) {}

std::optional<std::string> LedgerCaller::Run() {
  while (!complete_ && !stop_) {
    if (auto wrong = RunOnce()) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> LedgerCaller::RunOnce() {
  // A connection of its own, so that the last one's back-off does not matter.
  grpc::ChannelArguments arguments;
  arguments.SetInt("grpc.use_local_subchannel_pool", 1);
  arguments.SetInt("grpc.initial_reconnect_backoff_ms", 20);
  arguments.SetInt("grpc.min_reconnect_backoff_ms", 20);
  arguments.SetInt("grpc.max_reconnect_backoff_ms", 20);
  const auto channel =
      grpc::CreateCustomChannel(options_.address(), grpc::InsecureChannelCredentials(), arguments);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() +
                                 std::chrono::milliseconds(500))) {
    return std::nullopt;
  }
  const auto stub = v1::ClientProvisioningService::NewStub(channel);
  grpc::ClientContext context;
  const auto stream = stub->ImportClients(&context);
  v1::ImportStart start = plan_.start;
  start.set_attempt(attempts_++);
  start.set_answered_through_row(ledger_.answered_through_row());
  std::thread sender([&] { SendRows(*stream, plan_, start); });

  std::optional<std::string> wrong;
  bool started = false;
  bool broken_off = false;
  v1::ImportClientsResponse response;
  while (stream->Read(&response)) {
    started = started || response.has_started();
    if (!response.has_results()) continue;
    broken_off = random_() % 40 == 0 || stop_;
    if (broken_off) {
      ++forgotten_messages_;
      context.TryCancel();
      break;
    }
    if ((wrong = Take(response.results()))) {
      context.TryCancel();
      break;
    }
  }
  while (stream->Read(&response)) continue;
  sender.join();
  const grpc::Status status = stream->Finish();
  if (wrong) return wrong;
  // It may have had its end before it broke off.
  if (!status.ok() && broken_off) return std::nullopt;
  return JudgeEnd(started, status);
}

std::optional<std::string> LedgerCaller::JudgeEnd(bool started, const grpc::Status& status) {
  if (status.ok()) {
    complete_ = true;
    if (ledger_.results().size() == plan_.rows.size()) return std::nullopt;
    return absl::StrCat("OK after ", ledger_.results().size(), " results for ", plan_.rows.size(),
                        " rows");
  }
  ++broken_streams_;
  const std::string text =
      absl::StrCat("status ", status.error_code(), ": ", status.error_message());
  if (!options_.servers_live) {
    return IsBroken(status.error_code()) ? std::nullopt : std::optional(text);
  }
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return text;
  const std::int64_t settled = ReadRpcError(status).settled_through_row();
  if (!started || settled >= ledger_.answered_through_row()) return std::nullopt;
  return absl::StrCat(text, "; settled through row ", settled, " where ",
                      ledger_.answered_through_row(), " were answered");
}

std::optional<std::string> LedgerCaller::Take(const v1::ImportResults& message) {
  std::vector<v1::RowResult> results(message.results().begin(), message.results().end());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::size_t index = ledger_.results().size() + i;
    if (index >= plan_.rows.size() ||
        results[i].row_number() != plan_.rows[index].row.row_number()) {
      return absl::StrCat("result for row ", results[i].row_number(), " in place ", index,
                          ", out of order or unasked");
    }
  }
  ledger_.Append(results);
  return std::nullopt;
}

}  // namespace provisioning
