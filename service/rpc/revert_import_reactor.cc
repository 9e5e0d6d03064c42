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

RevertImportReactor::RevertImportReactor(ImportCore& core, IdentityStore& store, UnaryCalls& calls,
                                         ImportKey key, Caller caller)
    : core_(core), store_(store), calls_(calls), key_(std::move(key)), caller_(std::move(caller)) {
  Post(&RevertImportReactor::Begin);
}

void RevertImportReactor::Post(absl::Status (RevertImportReactor::*step)()) {
  calls_.Post(key_.organization_id.value(), [this, step] {
    absl::Status status;
    if (cancelled_) status = absl::CancelledError("the caller has gone");
    if (core_.draining()) {
      status = MakeError(ErrorReason::kDraining,
                         "the server is shutting down; the same call goes on with the revert");
    }
    if (status.ok()) status = (this->*step)();
    if (!status.ok()) Finish(ToGrpcStatus(status));
  });
}

absl::Status RevertImportReactor::Begin() {
  absl::Status status = store_.BeginRevert(key_, caller_, core_.dependencies().clock.Now());
  if (!status.ok()) return status;
  core_.Reverted(key_);
  return Step();
}

absl::Status RevertImportReactor::Step() {
  auto answer = store_.RevertClients(key_, through_row_, clients_per_step, caller_,
                                     core_.dependencies().clock.Now());
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
  if (!ok) return Finish(ToGrpcStatus(absl::CancelledError("the caller has gone")));
  if (done_) return Finish(grpc::Status::OK);
  Post(&RevertImportReactor::Step);
}

}  // namespace provisioning
