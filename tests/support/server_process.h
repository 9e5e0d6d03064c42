// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace provisioning {

// A server that runs as a process of its own, and everything that it prints.
// Goes with the object. Any thread.
class ServerProcess {
 public:
  // `environment` is added to this process's own.
  explicit ServerProcess(const std::vector<std::string>& command,
                         const std::vector<std::string>& environment = {});
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  // Kills it, if it still runs.
  ~ServerProcess();

  // Waits for its line `listening on HOST:PORT` and returns HOST:PORT. Empty: it
  // ended without one.
  std::string WaitForAddress();
  // Whether it printed this; waits until it does or ends.
  bool WaitForLog(const std::string& text);

  void Signal(int number);
  // SIGKILL, and waits for the end.
  void Kill();
  // SIGTERM, and Wait.
  std::optional<int> Terminate(absl::Duration timeout = absl::Seconds(30));
  // Its exit code; minus the signal that ended it. Nothing: it runs on.
  std::optional<int> Wait(absl::Duration timeout = absl::Seconds(30));

  pid_t id() const { return id_; }
  // Resident memory now.
  std::int64_t resident_bytes() const;
  // All it printed so far, or ever if it has ended.
  std::string log();

 private:
  void ReadLog(int descriptor);

  pid_t id_;
  std::optional<int> exit_code_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string log_;         // Guarded by mutex_.
  bool log_ended_ = false;  // Guarded by mutex_.
  std::thread reader_;
};

}  // namespace provisioning
