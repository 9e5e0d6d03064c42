// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "service/import/worker_pool.h"

namespace provisioning {

// Runs unary calls on threads of their own, for they wait for the store, which
// gRPC's reaction threads must not. Any thread.
class UnaryCalls {
 public:
  // `threads` from 1; `shares` outlives it.
  explicit UnaryCalls(int threads, const OrganizationShares& shares = OrganizationShares::Equal());

  // Finishes the call with what `work` returns, or kOverloaded if too many wait.
  // `organization_id`: of the request, as it came, for a fair share of the
  // threads. What `work` refers to lives until the call has finished.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext& context,
                                std::string_view organization_id,
                                std::function<absl::Status()> work);
  // The same for a call whose response holds a password: see WipingReactor.
  grpc::ServerUnaryReactor* RunSecret(std::string_view organization_id,
                                      std::function<absl::Status()> work,
                                      std::function<void()> wipe);
  // A step of another call, on the same threads. It is not counted: each call has
  // one at a time.
  void Post(std::string_view organization_id, WorkerPool::Task step);

 private:
  grpc::ServerUnaryReactor* RunFor(grpc::ServerUnaryReactor* reactor,
                                   std::string_view organization_id,
                                   std::function<absl::Status()> work);

  std::atomic<int> waiting_ = 0;
  WorkerPool workers_;
};

}  // namespace provisioning
