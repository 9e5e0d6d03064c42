// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace provisioning {

// A postmaster and all the processes that it starts. They end with the object,
// and with this process, even when it is killed. One thread at a time.
class PostgresProcess {
 public:
  // `folder`: see ProgramStart.
  PostgresProcess(const std::vector<std::string>& command, const std::string& folder);
  // Immediate shutdown: no checkpoint.
  ~PostgresProcess();
  PostgresProcess(const PostgresProcess&) = delete;
  PostgresProcess& operator=(const PostgresProcess&) = delete;

  pid_t id() const { return id_; }
  void Signal(int number);
  // False: the postmaster runs on.
  bool WaitForEnd(absl::Duration timeout);
  // SIGKILL to all of them; returns when all are gone.
  void Kill();
  // SIGSTOP to all of them, and SIGCONT.
  void Freeze();
  void Thaw();

 private:
  void Parent(const std::vector<std::string>& command);
  void Guard();
  void DismissGuard();

  const std::string folder_;
  pid_t id_ = -1;  // Set before the constructor returns.
  bool ended_ = false;
  std::vector<pid_t> frozen_;
  pid_t guard_ = -1;  // A process that thaws them if we are killed.
  int guard_input_ = -1;

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t started_ = -1;      // Guarded by mutex_.
  bool dismissed_ = false;  // Guarded by mutex_.
  // What is sent at our end is sent at the end of the thread that started the
  // postmaster, so this one stays until nobody needs the postmaster.
  std::thread parent_;
};

}  // namespace provisioning
