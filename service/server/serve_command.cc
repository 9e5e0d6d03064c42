// SPDX-License-Identifier: Apache-2.0
#include "service/server/serve_command.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "service/server/server.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

// A terminal that goes away stops the server as well, unless nohup or the like has
// it ignored.
bool HangUpStops() {
  struct sigaction action {};
  return sigaction(SIGHUP, nullptr, &action) != 0 || action.sa_handler != SIG_IGN;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (HangUpStops()) sigaddset(&signals, SIGHUP);
  return signals;
}

// Until a signal comes, at most.
void Pass(absl::Duration time) {
  const sigset_t signals = StopSignals();
  const timespec timeout = absl::ToTimespec(time);
  sigtimedwait(&signals, nullptr, &timeout);
}

}  // namespace

int Serve(const ServeConfig& config) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::atomic<bool> broken = false;
  auto server = Server::Start(config, [&broken] {
    broken = true;
    kill(getpid(), SIGTERM);
  });
  if (!server.ok()) {
    spdlog::error("cannot serve: {}", std::string(server.status().message()));
    return 1;
  }
  const std::string host = config.listen.substr(0, config.listen.rfind(':'));
  spdlog::info("listening on {}:{}", host, (*server)->port());
  int signal = 0;
  sigwait(&signals, &signal);
  if (broken) {
    spdlog::critical("the store broke down; stopping, so that nothing wrong is answered");
  } else {
    (*server)->AnnounceEnd();
    if (config.drain_delay > absl::ZeroDuration()) {
      spdlog::info("stopping: not ready any more; serving on for {}",
                   absl::FormatDuration(config.drain_delay));
      Pass(config.drain_delay);
    }
    spdlog::info("stopping: no new rows; what is in hand is committed and answered");
  }
  (*server)->Shutdown();
  spdlog::info("stopped");
  return broken ? 1 : 0;
}

}  // namespace provisioning
