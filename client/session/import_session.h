// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/session/backoff.h"
#include "client/session/interrupt.h"
#include "client/session/row_window.h"
#include "client/session/stream_error.h"
#include "client/session/stream_watch.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"

namespace provisioning {

// How an import, or a validation, ended for this process.
struct ImportEnd {
  enum class Kind {
    kComplete,     // Every row has its result.
    kInterrupted,  // Somebody stopped it.
    kUnreachable,  // No stream ever came to be.
    kBrokenOff,    // It was under way, and no connection could be had again.
    kRefused,      // The server said no; `error` says why.
    kFailed,       // Something failed on this side; `failure` says what.
  };
  Kind kind = Kind::kFailed;
  RpcError error;
  absl::Status failure;
  v1::ImportSummary summary;  // Of the last stream; only when complete.
};

// Is told how it goes. Calls come one at a time, but for OnTick and
// OnInterrupt, which come from a thread of their own.
class ImportObserver {
 public:
  virtual ~ImportObserver() = default;
  // A stream is about to be started.
  virtual void OnStarting(const v1::ImportStart&) {}
  virtual void OnStarted(const v1::ImportStarted&) {}
  virtual void OnProgress(const v1::ImportProgress&) {}
  // The connection is lost; the next try is `wait` away.
  virtual void OnReconnect(const RpcError&, absl::Duration /*wait*/) {}
  // The store has lost everything above `row_number`. Returns the row, at or below
  // that, through which the results still hold; an error ends the import.
  virtual absl::StatusOr<std::int64_t> OnStoreBehind(std::int64_t row_number) { return row_number; }
  // Somebody wants it to stop; what is under way is waited for. From the thread
  // of OnTick.
  virtual void OnInterrupt() {}
  virtual void OnTick() {}
};

// Sends the rows of a file and receives their results, over as many streams as
// it takes: after a lost connection it waits a while and goes on with the first
// row that has no result.
class ImportSession {
 public:
  // Makes a stub over a connection of its own, so that a dead one is not used
  // again.
  using Connect = std::function<std::unique_ptr<v1::ClientProvisioningService::StubInterface>()>;

  struct Options {
    // What every stream starts with; session_id, attempt and
    // answered_through_row are filled in here.
    v1::ImportStart start;
    // This process, or the journal that it goes on with, has every result that
    // was ever received for this import_id. Otherwise an earlier process may
    // have them, and nothing is said of rows that were settled before.
    bool holds_all_answers = true;
    // Give up after so long without a new result; from the first failure on.
    absl::Duration reconnect_timeout = absl::Minutes(5);
    absl::Duration backoff_first = absl::Milliseconds(250);
    absl::Duration backoff_longest = absl::Seconds(10);
    StreamWatch::Options watch;
  };

  // All outlive the session.
  ImportSession(Connect connect, Options options, RowWindow& window, ImportObserver& observer,
                const Interrupt& interrupt);

  // Blocks until the end. Once only.
  ImportEnd Run();

 private:
  using Stream =
      grpc::ClientReaderWriterInterface<v1::ImportClientsRequest, v1::ImportClientsResponse>;

  // One stream, from start to status; OK only with a summary.
  RpcError RunStream();
  void Receive(Stream& stream, grpc::ClientContext& context, StreamWatch& watch);
  void Send(Stream& stream);
  absl::Status Handle(v1::ImportClientsResponse& response);
  v1::ImportStart NextStart();
  std::optional<std::int64_t> AnsweredThroughRow() const;
  // How it ends, if it ends with this.
  std::optional<ImportEnd> EndAfter(const RpcError& error);
  absl::Status ForgetAfter(std::int64_t row_number);
  // False: there is no time left, or somebody wants it to stop.
  bool WaitToReconnect(const RpcError& error);
  ImportEnd Ended(ImportEnd::Kind kind, const RpcError& error = {}) const;

  const Connect connect_;
  const Options options_;
  RowWindow& window_;
  ImportObserver& observer_;
  const Interrupt& interrupt_;
  const std::string session_id_;
  Backoff backoff_;

  std::atomic<bool> sending_ = false;  // Rows may be under way.
  std::int64_t attempt_ = 0;
  std::optional<std::int64_t> first_settled_;  // Of the first `started`.
  std::optional<v1::ImportSummary> summary_;
  absl::Status failure_;
  absl::Time trouble_since_ = absl::InfiniteFuture();
  std::int64_t rows_before_trouble_ = 0;
};

}  // namespace provisioning
