// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace provisioning {

// Whether somebody wants the program to stop. Any thread, and signal handlers.
class Interrupt {
 public:
  void Request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_ = false;
};

// From now on the first SIGINT, SIGTERM or SIGHUP requests the interrupt that is
// returned, and the second one ends the process with status 130. SIGPIPE is
// ignored, so that a closed pipe is an error of the write.
Interrupt& InstallInterruptHandlers();

}  // namespace provisioning
