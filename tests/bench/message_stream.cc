// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/message_stream.h"

#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace provisioning {

MessageStream::MessageStream(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& method, NextMessage next_message,
                             OnMessage on_message)
    : next_message_(std::move(next_message)), on_message_(std::move(on_message)), stub_(channel) {
  stub_.PrepareBidiStreamingCall(&context_, method, grpc::StubOptions(), this);
}

grpc::Status MessageStream::Run() {
  StartRead(&incoming_);
  WriteNext();
  StartCall();
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return status_ != nullptr; });
  return *status_;
}

void MessageStream::OnReadDone(bool ok) {
  if (!ok) return;
  on_message_(incoming_);
  StartRead(&incoming_);
}

void MessageStream::OnWriteDone(bool ok) {
  if (ok) WriteNext();
}

void MessageStream::WriteNext() {
  if (!next_message_(outgoing_)) return StartWritesDone();
  StartWrite(&outgoing_);
}

void MessageStream::OnDone(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  status_ = std::make_unique<grpc::Status>(status);
  done_.notify_all();
}

MessageStream::NextMessage EachOf(const std::vector<grpc::ByteBuffer>& messages) {
  return [&messages, next = std::size_t{0}](grpc::ByteBuffer& message) mutable {
    if (next == messages.size()) return false;
    message = messages[next++];
    return true;
  };
}

std::shared_ptr<grpc::Channel> LoopbackChannel(const std::string& address) {
  // A connection of its own, as another caller would have.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace provisioning
