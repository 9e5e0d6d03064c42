// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/server/serve_config.h"

namespace provisioning {

// `provisiond serve`: prints where it listens, serves until SIGTERM, SIGINT or
// SIGHUP (unless that is ignored), and drains. Returns the exit code: 0 after a
// signal, 1 if it cannot start or the store broke down. Blocks the signals in this
// thread, for good: no other one may be there yet.
int Serve(const ServeConfig& config);

}  // namespace provisioning
