// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/create_client_call.h"

#include <utility>

#include "service/rpc/message_conversion.h"
#include "service/rpc/status_conversion.h"

namespace provisioning {

void CreateClientCall::Start(ImportCore& core, StreamStart start, ClientRow row,
                             WaitingCalls::Place place, grpc::ServerUnaryReactor& reactor,
                             v1::CreateClientResponse& response) {
  const std::shared_ptr<CreateClientCall> call(
      new CreateClientCall(std::move(place), reactor, response));
  call->self_ = call;
  // A draining server finishes it at once, on another thread.
  const auto stream = call->stream_ = core.NewStream(*call);
  // Whatever of it ends the stream, what comes behind is ignored.
  stream->Start(std::move(start));
  std::vector<ClientRow> rows;
  rows.push_back(std::move(row));
  stream->AddRows(std::move(rows));
  stream->End();
  stream->CloseInput();
}

void CreateClientCall::OnResults(std::vector<RowResult> results) {
  ToMessage(results.front(), *response_.mutable_result());
  stream_->RowsSent(static_cast<std::int64_t>(results.size()));
}

void CreateClientCall::OnFinished(const absl::Status& status,
                                  std::int64_t /*settled_through_row*/) {
  place_.reset();  // Before the caller can know that the call has ended.
  reactor_.Finish(ToGrpcStatus(status));
  self_.reset();
}

}  // namespace provisioning
