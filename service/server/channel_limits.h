// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grpcpp/server_builder.h"
#include "service/server/serve_config.h"

namespace provisioning {

// What one connection may cost before any code of ours sees a byte of it: bounds
// for gRPC's transport. What each costs in throughput stands in service/README.md.
void SetChannelLimits(const ServeConfig& config, grpc::ServerBuilder& builder);

// The same for the listener of probes, which anybody may reach: a probe is one small
// call, and whoever does not make it has no business there.
void SetProbeLimits(const ServeConfig& config, grpc::ServerBuilder& builder);

}  // namespace provisioning
