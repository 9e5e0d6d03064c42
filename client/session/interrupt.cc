// SPDX-License-Identifier: Apache-2.0
#include "client/session/interrupt.h"

#include <signal.h>
#include <unistd.h>

namespace provisioning {
namespace {

constexpr int interrupted_exit_code = 130;

Interrupt& ProcessInterrupt() {
  static Interrupt interrupt;
  return interrupt;
}

void OnSignal(int) {
  if (ProcessInterrupt().requested()) _exit(interrupted_exit_code);
  ProcessInterrupt().Request();
}

}  // namespace

Interrupt& InstallInterruptHandlers() {
  Interrupt& interrupt = ProcessInterrupt();
  struct sigaction action {};
  action.sa_handler = OnSignal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  return interrupt;
}

}  // namespace provisioning
