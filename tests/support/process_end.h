// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>

#include "absl/time/time.h"

namespace provisioning {

// Waits for the end of a child and takes it away: its exit code, or minus the
// signal that ended it. Nothing: it runs on after `timeout`. Once it has ended,
// not to be called again.
std::optional<int> WaitForEnd(pid_t id, absl::Duration timeout);

}  // namespace provisioning
