// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "grpcpp/support/server_callback.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/import/import_core.h"
#include "service/model/caller.h"
#include "service/rpc/unary_calls.h"
#include "service/store/identity_store.h"
#include "service/trust/access_control.h"

namespace provisioning {

// One RevertImport call: a step of the store, a message, the next step. The steps
// run on the threads of the unary calls, one at a time; a caller who does not
// read holds up nothing but this call. Owns itself: goes in OnDone.
class RevertImportReactor final : public grpc::ServerWriteReactor<v1::RevertImportResponse> {
 public:
  // All outlive the call.
  struct Dependencies {
    ImportCore& core;
    IdentityStore& store;
    UnaryCalls& calls;
    const AccessControl& access;
  };
  // A caller who may revert; asked again before each step.
  RevertImportReactor(const Dependencies& dependencies, ImportKey key, Caller caller,
                      StreamPlace place);

  void OnWriteDone(bool ok) override;
  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  void Post(absl::Status (RevertImportReactor::*step)());
  absl::Status Begin();
  absl::Status Step();
  void End(const absl::Status& status);

  const Dependencies with_;
  const ImportKey key_;
  const Caller caller_;
  StreamPlace place_;
  std::atomic<bool> cancelled_ = false;

  // Of the step or the write that is under way.
  std::int64_t through_row_ = 0;
  bool done_ = false;
  v1::RevertImportResponse response_;
};

}  // namespace provisioning
