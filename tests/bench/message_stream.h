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
  // Gives the next message to send, or says that there is none. Both are called
  // on threads of gRPC, one at a time each.
  using NextMessage = std::function<bool(grpc::ByteBuffer& message)>;
  // Sees each message that comes.
  using OnMessage = std::function<void(grpc::ByteBuffer& message)>;

  MessageStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                NextMessage next_message, OnMessage on_message);

  // Sends all, closes, and waits for the end.
  grpc::Status Run();
  // Any thread, while Run() waits: it ends CANCELLED.
  void Cancel() { context_.TryCancel(); }

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void WriteNext();

  const NextMessage next_message_;
  const OnMessage on_message_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer outgoing_;
  grpc::ByteBuffer incoming_;

  std::mutex mutex_;
  std::condition_variable done_;
  std::unique_ptr<grpc::Status> status_;  // Guarded by mutex_.
};

// These, one after the other; they outlive what is returned.
MessageStream::NextMessage EachOf(const std::vector<grpc::ByteBuffer>& messages);

std::shared_ptr<grpc::Channel> LoopbackChannel(const std::string& address);

}  // namespace provisioning
