// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
#include "provisioning/v1/client_provisioning_service.pb.h"

namespace provisioning {

// One ImportClients call of any number at once, on gRPC's own few threads: asks
// its driver for the next message whenever the network has taken the last one.
// Lives until its end has been told.
class ImportCall final : private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Called on threads of gRPC, and on those of Start and Poke: NextMessage and
  // OnMessage one at a time each, OnEnd last and once.
  class Driver {
   public:
    virtual ~Driver() = default;
    // Nothing: there is none yet (then Poke asks again), or no more.
    virtual std::optional<v1::ImportClientsRequest> NextMessage() = 0;
    // The last one was sent: no more will come.
    virtual bool AllSent() = 0;
    virtual void OnMessage(grpc::ByteBuffer& message) = 0;
    virtual void OnEnd(const grpc::Status& status) = 0;
  };

  static std::shared_ptr<ImportCall> Start(const std::shared_ptr<grpc::Channel>& channel,
                                           std::shared_ptr<Driver> driver);

  // There may be a message now. Any thread, any time.
  void Poke();
  void Cancel() { context_.TryCancel(); }

 private:
  ImportCall(const std::shared_ptr<grpc::Channel>& channel, std::shared_ptr<Driver> driver);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

  // Writes the next message, while `writing_` is ours.
  void WriteNext();
  bool TryWrite();
  void EndWriting();

  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  std::shared_ptr<Driver> driver_;
  std::shared_ptr<ImportCall> self_;  // Until OnDone.

  std::mutex mutex_;
  // Guarded by mutex_.
  bool writing_ = false;  // A write is under way, or its message is being made.
  bool poked_ = false;    // While writing_.
  bool over_ = false;     // Nothing can be written any more.
  bool held_ = true;      // Writes may be started from outside of reactions.
};

}  // namespace provisioning
