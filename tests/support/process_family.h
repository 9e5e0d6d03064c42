// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <vector>

namespace provisioning {

// What /proc says of a process and its children. Any thread.

// Those that it started itself and that have not ended.
std::vector<pid_t> ChildrenOf(pid_t id);
// As in /proc/ID/stat: R, S, D, T (stopped), Z (ended, nobody asked yet); X: there
// is no such process.
char ProcessState(pid_t id);
// Whether it will never run again.
bool HasEnded(pid_t id);

// SIGSTOP to the process and all its children; returns them, the process first,
// when none of them runs any more.
std::vector<pid_t> StopFamily(pid_t id);

}  // namespace provisioning
