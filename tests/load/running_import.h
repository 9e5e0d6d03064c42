// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "absl/time/time.h"
#include "tests/load/import_call.h"
#include "tests/load/load_import.h"

namespace provisioning {

class StreamSlot;
struct SharedLoad;

// An import of a slot, over as many calls as it takes. Any thread.
class RunningImport final : public ImportCall::Driver,
                            public std::enable_shared_from_this<RunningImport> {
 public:
  RunningImport(SharedLoad& shared, StreamSlot& slot, RowFeed& feed,
                const LoadImport::Place& place);

  void Start();
  void Poke();
  void GiveUp();
  bool all_sent() const;

 private:
  std::optional<v1::ImportClientsRequest> NextMessage() override;
  bool AllSent() override;
  void OnMessage(grpc::ByteBuffer& message) override;
  void OnEnd(const grpc::Status& status) override;

  std::shared_ptr<ImportCall> call() const;

  SharedLoad& shared_;
  StreamSlot& slot_;
  const std::shared_ptr<grpc::Channel> channel_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  LoadImport import_;
  std::shared_ptr<ImportCall> call_;
  bool given_up_ = false;
};

}  // namespace provisioning
