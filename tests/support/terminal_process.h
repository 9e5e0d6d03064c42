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

// A program that runs at a terminal of its own, with a person who reads and
// types. Goes with the object. Any thread.
class TerminalProcess {
 public:
  // `environment` replaces this process's own but for PATH and HOME.
  TerminalProcess(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment, int columns, int lines = 24);
  ~TerminalProcess();

  TerminalProcess(const TerminalProcess&) = delete;
  TerminalProcess& operator=(const TerminalProcess&) = delete;

  // Whether this came behind what was waited for last; waits until it does, or
  // until the program ends, or for two minutes.
  bool WaitFor(const std::string& text);
  void Type(const std::string& keys);
  void Resize(int columns, int lines = 24);
  // Its exit code; minus the signal that ended it. Nothing: it runs on.
  std::optional<int> Wait(absl::Duration timeout = absl::Minutes(2));

  // Everything that it printed, as it was printed; after Wait: to the end.
  std::string output();
  // The same as lines, without escape sequences; what was drawn over is a line
  // as well.
  std::vector<std::string> DrawnLines();

 private:
  void Read();

  pid_t id_ = -1;
  int person_ = -1;
  std::optional<int> exit_code_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;      // Guarded by mutex_.
  std::size_t waited_ = 0;  // Guarded by mutex_.
  bool ended_ = false;      // Guarded by mutex_.
  std::thread reader_;
};

}  // namespace provisioning
