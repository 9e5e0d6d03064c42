// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"

namespace provisioning {

// One stream of an import of its own that sends rows as fast as they are taken,
// and counts what comes back instead of keeping it. Any thread.
class BusyStream final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Options {
    std::string organization_id = "practice";
    std::string import_id = {};  // Empty: a new one.
    // Every row brings a password; else the server makes them.
    bool given_passwords = false;
    std::int64_t rows_max = 0;  // Then it ends the import; 0: it never does.
    int rows_per_message = 256;
    // Rows without an answer, before it waits for one; 0: it never waits.
    int rows_unanswered_max = 0;
  };

  BusyStream(const std::shared_ptr<grpc::Channel>& channel, const Options& options);
  // Cancels what has not ended, and waits for the end.
  ~BusyStream() override;

  void Cancel() { context_.TryCancel(); }
  // Waits for the end.
  grpc::Status Wait();
  // Whether it has ended within so long.
  bool Wait(absl::Duration timeout);
  // Waits until so many rows are answered; false: the stream ended before.
  bool WaitForAnswers(std::int64_t rows);

  const std::string& import_id() const { return options_.import_id; }
  std::int64_t rows_answered() const;
  // Answers that are not CREATED, or out of order.
  std::int64_t wrong_answers() const;
  bool has_summary() const;

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  void SendStart();
  // Sends the next message, unless it has to wait. Mutex held.
  void SendNext();
  void CountAnswers();

  Options options_;
  const std::uint64_t seed_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer outgoing_;
  grpc::ByteBuffer incoming_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // The rest is guarded by mutex_.
  std::int64_t rows_sent_ = 0;
  std::int64_t rows_answered_ = 0;
  std::int64_t wrong_answers_ = 0;
  bool summary_ = false;
  bool waits_ = false;  // For answers, before it sends more.
  bool ended_ = false;  // `end` is sent.
  std::optional<grpc::Status> status_;
};

}  // namespace provisioning
