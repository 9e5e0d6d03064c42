// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "service/import/worker_pool.h"

namespace provisioning {

// Runs unary calls on threads of their own, for they wait for the store, which
// gRPC's reaction threads must not. Any thread.
class UnaryCalls {
 public:
  explicit UnaryCalls(int threads);

  // Finishes the call with what `work` returns, or kOverloaded if too many wait.
  // What `work` refers to lives until the call has finished.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext& context,
                                std::function<absl::Status()> work);

 private:
  std::atomic<int> waiting_ = 0;
  WorkerPool workers_;
};

}  // namespace provisioning
