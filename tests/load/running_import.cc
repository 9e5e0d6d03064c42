// SPDX-License-Identifier: Apache-2.0
#include "tests/load/running_import.h"

#include <string>
#include <utility>

#include "client/session/stream_error.h"
#include "tests/load/status_name.h"
#include "tests/load/stream_slot.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {

RunningImport::RunningImport(SharedLoad& shared, StreamSlot& slot, RowFeed& feed,
                             const LoadImport::Place& place)
    : shared_(shared),
      slot_(slot),
      channel_(shared.channels[static_cast<std::size_t>(place.index) % shared.channels.size()]),
      import_(shared.run, feed, shared.known[static_cast<std::size_t>(place.organization)], place) {
}

void RunningImport::Start() {
  const auto call = ImportCall::Start(channel_, shared_from_this());
  bool given_up = false;
  {
    std::lock_guard lock(mutex_);
    call_ = call;
    given_up = given_up_;
  }
  if (given_up) call->Cancel();
  call->Poke();
}

std::shared_ptr<ImportCall> RunningImport::call() const {
  std::lock_guard lock(mutex_);
  return call_;
}

void RunningImport::Poke() {
  if (const auto current = call()) current->Poke();
}

void RunningImport::GiveUp() {
  std::shared_ptr<ImportCall> current;
  {
    std::lock_guard lock(mutex_);
    given_up_ = true;
    current = call_;
  }
  if (current) current->Cancel();
}

bool RunningImport::all_sent() const {
  std::lock_guard lock(mutex_);
  return import_.end_sent();
}

std::optional<v1::ImportClientsRequest> RunningImport::NextMessage() {
  std::lock_guard lock(mutex_);
  return import_.NextMessage();
}

bool RunningImport::AllSent() {
  if (!all_sent()) return false;
  slot_.OnAllSent(this);
  return true;
}

void RunningImport::OnMessage(grpc::ByteBuffer& message) {
  v1::ImportClientsResponse response;
  const bool readable = FromBytes(message, response);
  std::shared_ptr<ImportCall> cut;
  {
    std::lock_guard lock(mutex_);
    if (!readable) import_.TakeUnreadable();
    if (readable && !import_.Take(response)) cut = call_;
  }
  if (cut) cut->Cancel();
}

void RunningImport::OnEnd(const grpc::Status& status) {
  const RpcError error = ReadRpcError(status);
  std::string name = StatusName(error.code);
  if (!error.reason.empty()) name += " " + error.reason;
  LoadImport::After after;
  {
    std::lock_guard lock(mutex_);
    call_ = nullptr;
    after = import_.End(name, error.message, given_up_);
  }
  if (after == LoadImport::After::kResume) return Start();
  slot_.OnEnd(this, after == LoadImport::After::kFailed, error.retry_delay);
}

}  // namespace provisioning
