// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/import/import_core.h"
#include "service/import/import_sink.h"
#include "service/import/import_stream.h"
#include "service/model/caller.h"
#include "service/trust/access_control.h"

namespace provisioning {

// One ImportClients call: bytes in, bytes out. Takes raw bytes because in gRPC's
// typed API a message that does not parse looks like a half-close.
//
// Reactions (On*Done, OnCancel) run on gRPC's few threads and only pass things
// on; the sink's methods run on the stream's strand. One read and one write are
// outstanding at most. Owns itself: goes in OnDone, which comes only after
// Finish, which comes only from OnFinished.
class ImportClientsReactor final
    : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
      private ImportSink {
 public:
  // All outlive the call, and `context` is its own. The caller is known to the policy;
  // whether it may import is asked when `start` says where and what, and again before
  // each batch.
  ImportClientsReactor(ImportCore& core, const AccessControl& access, Caller caller,
                       StreamPlace place, grpc::CallbackServerContext& context);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  struct Outgoing {
    grpc::ByteBuffer bytes;
    std::int64_t row_count = 0;
  };

  void OnStarted(std::int64_t settled_through_row) override;
  void OnReadyForMessage() override;
  void OnResults(std::vector<RowResult> results) override;
  void OnProgress(const StreamProgress& progress) override;
  void OnSummary(const StreamSummary& summary) override;
  void OnFinished(const absl::Status& status, std::int64_t settled_through_row) override;

  void Begin(StreamStart start);
  void Send(const grpc::Slice& message, std::int64_t row_count);
  // Mutex held; no write is outstanding.
  void WriteNext();
  void End(const grpc::Status& status);

  ImportCore& core_;
  const AccessControl& access_;
  const Caller caller_;
  StreamPlace place_;
  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer request_;  // Of the read that is outstanding.

  std::mutex mutex_;
  std::optional<grpc::ByteBuffer> progress_;   // Guarded by mutex_: waits for the next turn.
  std::deque<Outgoing> outgoing_;              // Guarded by mutex_; the first is being written.
  std::optional<grpc::Status> finish_status_;  // Guarded by mutex_: OnFinished has come.

  // Last: it may call the sink as soon as it is there.
  const std::shared_ptr<ImportStream> stream_;
};

}  // namespace provisioning
