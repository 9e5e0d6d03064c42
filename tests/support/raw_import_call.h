// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

// One ImportClients call over a real connection, in bytes: what is sent need be
// no message. Reads all the time unless told otherwise, and keeps what came. One
// thread uses it; its methods wait where they say so.
class RawImportCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Options {
    bool reads = true;
    absl::Duration deadline = absl::InfiniteDuration();
  };

  explicit RawImportCall(const std::shared_ptr<grpc::Channel>& channel)
      : RawImportCall(channel, Options()) {}
  RawImportCall(const std::shared_ptr<grpc::Channel>& channel, const Options& options);
  // Cancels a call that has not ended, and waits for its end.
  ~RawImportCall() override;

  // Waits until the network has taken it. False: it did not, within the timeout
  // (then no more can be sent, until the call is read from), or the call is over.
  bool Send(const v1::ImportClientsRequest& message,
            absl::Duration timeout = absl::InfiniteDuration());
  bool SendBytes(const std::string& bytes, absl::Duration timeout = absl::InfiniteDuration());
  // Half-close.
  void Close();
  void Cancel();
  // From now on.
  void Read();

  // Waits until so many results have come; false: the call ended before.
  bool WaitForResults(std::size_t count);
  bool WaitForStarted();
  bool WaitForProgress();
  // Waits for the end; nothing can be sent any more.
  grpc::Status Wait();

  // What came so far.
  std::vector<v1::RowResult> results() const;
  std::optional<v1::ImportStarted> started() const;
  std::optional<v1::ImportSummary> summary() const;
  std::size_t largest_response_bytes() const;

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  void KeepResponse();
  template <typename Condition>
  bool WaitFor(Condition condition);

  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer response_;
  grpc::ByteBuffer request_;
  bool holds_ = true;  // Keeps the call from being done, so that ops may be started.
  bool closed_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // The rest is guarded by mutex_.
  bool reads_ = false;
  bool read_ended_ = false;
  bool writing_ = false;
  bool write_failed_ = false;
  std::vector<v1::RowResult> results_;
  std::optional<v1::ImportStarted> started_;
  std::optional<v1::ImportSummary> summary_;
  bool progress_came_ = false;
  std::size_t largest_response_bytes_ = 0;
  std::optional<grpc::Status> status_;
};

}  // namespace provisioning
