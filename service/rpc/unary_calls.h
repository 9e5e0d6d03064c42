// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "service/import/worker_pool.h"
#include "service/model/caller.h"
#include "service/rpc/waiting_calls.h"

namespace provisioning {

// Runs unary calls on threads of their own, for they wait for the store, which
// gRPC's reaction threads must not. Any thread.
class UnaryCalls {
 public:
  // What a call does. It owns the passwords of its request: it may never be run,
  // and they are wiped all the same.
  using Work = absl::AnyInvocable<absl::Status()>;

  // `threads` from 1; `shares` outlives it.
  explicit UnaryCalls(int threads, const OrganizationShares& shares = OrganizationShares::Equal(),
                      const WaitingCalls::Limits& limits = {});

  // Finishes the call with what `work` returns, or kOverloaded if too many wait.
  // `organization_id`: of the request, as it came, for a fair share of the
  // threads; it and what `work` refers to live until the call has finished.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext& context,
                                std::string_view organization_id, const Caller& caller, Work work);
  // The same for a call whose response holds a password: see WipingReactor.
  grpc::ServerUnaryReactor* RunSecret(std::string_view organization_id, const Caller& caller,
                                      Work work, std::function<void()> wipe);
  // A place among those that wait, for a call that runs elsewhere. kOverloaded.
  absl::StatusOr<WaitingCalls::Place> TryEnter(std::string_view organization_id,
                                               const Caller& caller);
  // A step of another call, on the same threads. It is not counted: each call has
  // one at a time.
  void Post(std::string_view organization_id, WorkerPool::Task step);

 private:
  grpc::ServerUnaryReactor* RunFor(grpc::ServerUnaryReactor* reactor,
                                   std::string_view organization_id, const Caller& caller,
                                   Work work);

  WaitingCalls waiting_;
  WorkerPool workers_;
};

}  // namespace provisioning
