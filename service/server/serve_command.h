// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/server/serve_config.h"

namespace provisioning {

// `provisiond serve`: prints where it listens, serves until SIGTERM, SIGINT or
// SIGHUP (unless that is ignored), and drains. Returns the exit code: 0 after a
// signal, 1 if it cannot start or the store broke down. The signals must be blocked
// in all threads (BlockSignals).
int Serve(const ServeConfig& config);

// Blocks the signals that Serve waits for, in this thread and those it starts.
void BlockSignals();

}  // namespace provisioning
