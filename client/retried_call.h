// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>

#include <functional>

#include "absl/time/time.h"
#include "client/session/interrupt.h"
#include "client/session/stream_error.h"

namespace provisioning {

// Makes a call that may be made again without harm until it is answered, as long
// as --timeout says, and no longer than until somebody wants the program to stop
// (then the error is CANCELLED). `call` makes it once, over a connection of its
// own; `on_retry` is told why it is made again.
RpcError CallUntilAnswered(const std::function<grpc::Status(grpc::ClientContext&)>& call,
                           const std::function<void(const RpcError&)>& on_retry,
                           const Interrupt& interrupt);

}  // namespace provisioning
