// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <thread>

namespace provisioning {

// What /proc/ID/status says of a process.
struct ProcessStatus {
  std::int64_t resident_bytes = 0;
  std::int64_t peak_resident_bytes = 0;  // The most that it ever had.
  int threads = 0;
  // Of these, the ones that go by the process's own name; libraries name theirs.
  int own_threads = 0;
};

// gRPC starts and ends threads as it needs them: for its two executors two for
// each CPU at most, some more for its other pools and its timers; never one for
// a call.
inline int GrpcThreadsMax() {
  return 6 * static_cast<int>(std::thread::hardware_concurrency()) + 8;
}

// All 0: there is no such process any more.
ProcessStatus ReadProcessStatus(pid_t id);

}  // namespace provisioning
