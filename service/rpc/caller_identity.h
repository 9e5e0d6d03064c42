// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grpcpp/server_context.h"
#include "service/model/caller.h"

namespace provisioning {

// Who makes this call. Without TLS nobody can prove a name: "unauthenticated".
inline Caller CallerOf(const grpc::CallbackServerContext& /*context*/) {
  return {"unauthenticated"};
}

}  // namespace provisioning
