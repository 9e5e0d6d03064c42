// SPDX-License-Identifier: Apache-2.0
#include "tests/load/import_call.h"

#include <utility>

#include "tests/support/wire_bytes.h"

namespace provisioning {

std::shared_ptr<ImportCall> ImportCall::Start(const std::shared_ptr<grpc::Channel>& channel,
                                              std::shared_ptr<Driver> driver) {
  std::shared_ptr<ImportCall> call(new ImportCall(channel, std::move(driver)));
  call->self_ = call;
  call->stub_.PrepareBidiStreamingCall(&call->context_, import_method, grpc::StubOptions(),
                                       call.get());
  call->AddHold();
  call->StartRead(&call->incoming_);
  call->StartCall();
  return call;
}

ImportCall::ImportCall(const std::shared_ptr<grpc::Channel>& channel,
                       std::shared_ptr<Driver> driver)
    : stub_(channel), driver_(std::move(driver)) {}

void ImportCall::Poke() {
  {
    std::lock_guard lock(mutex_);
    poked_ = true;
    if (writing_ || over_) return;
    writing_ = true;
  }
  WriteNext();
}

// Until no message is there, whoever pokes meanwhile.
void ImportCall::WriteNext() {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      poked_ = false;
    }
    if (TryWrite()) return;
    std::lock_guard lock(mutex_);
    if (!poked_ && !over_) {
      writing_ = false;
      return;
    }
    if (over_) break;
  }
  EndWriting();
}

// Whether a write is under way now.
bool ImportCall::TryWrite() {
  if (driver_->AllSent()) {
    StartWritesDone();
    std::lock_guard lock(mutex_);
    over_ = true;
    return false;
  }
  const auto message = driver_->NextMessage();
  if (!message) return false;
  outgoing_ = ToBytes(*message);
  StartWrite(&outgoing_);
  return true;
}

void ImportCall::EndWriting() {
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    over_ = true;
    if (!std::exchange(held_, false)) return;
  }
  RemoveHold();
}

void ImportCall::OnWriteDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    over_ = over_ || !ok;
    ok = !over_;
  }
  if (ok) return WriteNext();
  EndWriting();
}

void ImportCall::OnReadDone(bool ok) {
  if (ok) {
    driver_->OnMessage(incoming_);
    return StartRead(&incoming_);
  }
  {
    std::lock_guard lock(mutex_);
    over_ = true;
    // Who writes sees it, and removes the hold.
    if (writing_) return;
  }
  EndWriting();
}

void ImportCall::OnDone(const grpc::Status& status) {
  const std::shared_ptr<Driver> driver = std::move(driver_);
  const std::shared_ptr<ImportCall> self = std::move(self_);
  driver->OnEnd(status);
}

}  // namespace provisioning
