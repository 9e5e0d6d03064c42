// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/session/stream_error.h"

namespace provisioning {

// What scripts rely on.
enum ExitCode : int {
  kExitAccepted = 0,     // Every row accepted, or the answer is yes.
  kExitSomeRefused = 1,  // Some REJECTED, DUPLICATE_ROW or CONFLICTING_REPLAY; the answer is no.
  kExitUsage = 2,        // Usage, options that differ, an output file that exists.
  kExitFile = 3,         // A file unreadable, or not such a CSV.
  kExitUnreachable = 4,
  kExitNotAllowed = 5,
  kExitBrokenOff = 6,
  kExitInterrupted = 130,
};

// For an RPC that failed.
ExitCode ExitCodeOf(const RpcError& error);

}  // namespace provisioning
