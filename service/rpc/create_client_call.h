// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "grpcpp/support/server_callback.h"
#include "provisioning/v1/client_account_service.pb.h"
#include "service/import/import_core.h"
#include "service/import/import_sink.h"
#include "service/import/import_stream.h"
#include "service/rpc/waiting_calls.h"

namespace provisioning {

// One CreateClient: a stream of an import with one row, so that a client who is
// made alone goes through all that rows go through. Holds itself until OnFinished,
// when it finishes the call.
class CreateClientCall final : private ImportSink {
 public:
  // `core`, `reactor` and `response` live until the call is finished, and `place` is
  // taken until then. Returns at once. Any thread.
  static void Start(ImportCore& core, StreamStart start, ClientRow row, WaitingCalls::Place place,
                    grpc::ServerUnaryReactor& reactor, v1::CreateClientResponse& response);

 private:
  CreateClientCall(WaitingCalls::Place place, grpc::ServerUnaryReactor& reactor,
                   v1::CreateClientResponse& response)
      : place_(std::move(place)), reactor_(reactor), response_(response) {}

  void OnStarted(std::int64_t /*settled_through_row*/) override {}
  void OnReadyForMessage() override {}
  void OnResults(std::vector<RowResult> results) override;
  void OnProgress(const StreamProgress& /*progress*/) override {}
  void OnSummary(const StreamSummary& /*summary*/) override {}
  void OnFinished(const absl::Status& status, std::int64_t settled_through_row) override;

  std::optional<WaitingCalls::Place> place_;
  grpc::ServerUnaryReactor& reactor_;
  v1::CreateClientResponse& response_;
  std::shared_ptr<CreateClientCall> self_;
  std::shared_ptr<ImportStream> stream_;
};

}  // namespace provisioning
