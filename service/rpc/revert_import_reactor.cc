// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/revert_import_reactor.h"

#include <utility>

#include "service/model/error.h"
#include "service/rpc/message_conversion.h"
#include "service/rpc/status_conversion.h"

namespace provisioning {
namespace {

// Clients in one transaction, which takes some 50 ms; a message of as many that
// are kept has about 1 MiB.
constexpr int clients_per_step = 4096;

}  // namespace

RevertImportReactor::RevertImportReactor(const Dependencies& dependencies, ImportKey key,
                                         Caller caller, StreamPlace place)
    : with_(dependencies),
      key_(std::move(key)),
      caller_(std::move(caller)),
      place_(std::move(place)) {
  Post(&RevertImportReactor::Begin);
}

void RevertImportReactor::Post(absl::Status (RevertImportReactor::*step)()) {
  with_.calls.Post(key_.organization_id.value(), [this, step] {
    absl::Status status = with_.access.Check(caller_, key_.organization_id.value(), Verb::kRevert);
    if (cancelled_) status = absl::CancelledError("the caller has gone");
    if (with_.core.draining()) {
      status = MakeError(ErrorReason::kDraining,
                         "the server is shutting down; the same call goes on with the revert");
    }
    if (status.ok()) status = (this->*step)();
    if (!status.ok()) End(status);
  });
}

// The place is free before the caller can know that the call has ended.
void RevertImportReactor::End(const absl::Status& status) {
  place_.Leave();
  Finish(ToGrpcStatus(status));
}

absl::Status RevertImportReactor::Begin() {
  absl::Status status =
      with_.store.BeginRevert(key_, caller_, with_.core.dependencies().clock.Now());
  if (!status.ok()) return status;
  with_.core.Reverted(key_);
  return Step();
}

absl::Status RevertImportReactor::Step() {
  auto answer = with_.store.RevertClients(key_, through_row_, clients_per_step, caller_,
                                          with_.core.dependencies().clock.Now());
  if (!answer.ok()) return answer.status();
  through_row_ = answer->through_row;
  done_ = answer->done;
  response_.clear_kept();
  for (const KeptClient& kept : answer->kept) ToMessage(kept, *response_.add_kept());
  response_.set_removed_clients(response_.removed_clients() + answer->removed);
  response_.set_kept_clients(response_.kept_clients() +
                             static_cast<std::int64_t>(answer->kept.size()));
  StartWrite(&response_);
  return absl::OkStatus();
}

void RevertImportReactor::OnWriteDone(bool ok) {
  if (!ok) return End(absl::CancelledError("the caller has gone"));
  if (done_) return End(absl::OkStatus());
  Post(&RevertImportReactor::Step);
}

}  // namespace provisioning
