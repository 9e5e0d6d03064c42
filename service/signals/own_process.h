// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace provisioning {

// This process, as the kernel sees it.
struct OwnProcess {
  double cpu_seconds = 0;  // User and system, of all threads.
  double start_time = 0;   // Seconds since 1970.
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double open_fds = 0;
  double max_fds = 0;  // The soft limit; infinity if there is none.
};

// What cannot be read is 0. Takes time in proportion to the open descriptors.
OwnProcess ReadOwnProcess();

}  // namespace provisioning
