// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"

namespace provisioning {

// Sends messages over one bidirectional call as fast as it takes them, and shows
// what comes back: the same client for a service and for its ceiling.
class MessageStream final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Sees each message that comes; on a thread of gRPC, one at a time.
  using OnMessage = std::function<void(grpc::ByteBuffer& message)>;

  // `messages` outlive it.
  MessageStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                const std::vector<grpc::ByteBuffer>& messages, OnMessage on_message);

  // Sends all, closes, and waits for the end.
  grpc::Status Run();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void WriteNext();

  const std::vector<grpc::ByteBuffer>& messages_;
  const OnMessage on_message_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer incoming_;
  std::size_t next_ = 0;  // Of messages_, to be written.

  std::mutex mutex_;
  std::condition_variable done_;
  std::unique_ptr<grpc::Status> status_;  // Guarded by mutex_.
};

std::shared_ptr<grpc::Channel> LoopbackChannel(const std::string& address);

}  // namespace provisioning
