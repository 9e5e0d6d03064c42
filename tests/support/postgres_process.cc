// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

#include "tests/support/poll_until.h"
#include "tests/support/postgres_program.h"
#include "tests/support/process_end.h"
#include "tests/support/process_family.h"
#include "tests/support/require.h"

namespace provisioning {

PostgresProcess::PostgresProcess(const std::vector<std::string>& command, const std::string& folder)
    : folder_(folder), parent_([this, command] { Parent(command); }) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return started_ > 0; });
  id_ = started_;
}

PostgresProcess::~PostgresProcess() {
  Thaw();
  Signal(SIGQUIT);
  if (!WaitForEnd(absl::Seconds(30))) Kill();
  {
    const std::lock_guard lock(mutex_);
    dismissed_ = true;
    changed_.notify_all();
  }
  parent_.join();
}

void PostgresProcess::Parent(const std::vector<std::string>& command) {
  // SIGQUIT: a postmaster that is killed leaves its children to themselves.
  const pid_t id =
      StartProgram({.command = command, .folder = folder_, .signal_at_our_end = SIGQUIT});
  std::unique_lock lock(mutex_);
  started_ = id;
  changed_.notify_all();
  changed_.wait(lock, [this] { return dismissed_; });
}

void PostgresProcess::Signal(int number) {
  if (!ended_) kill(id_, number);
}

bool PostgresProcess::WaitForEnd(absl::Duration timeout) {
  if (!ended_) ended_ = provisioning::WaitForEnd(id_, timeout).has_value();
  return ended_;
}

void PostgresProcess::Kill() {
  if (ended_) return;
  // Stopped first, so that none starts another one, or sees another one's end.
  const std::vector<pid_t> family = StopFamily(id_);
  for (const pid_t id : family) kill(id, SIGKILL);
  Require(WaitForEnd(absl::Seconds(60)), "a killed process does not end");
  for (const pid_t id : family) {
    Require(id == id_ || PollUntil([id] { return HasEnded(id); }), "a killed process does not end");
  }
  DismissGuard();
}

void PostgresProcess::Freeze() {
  if (ended_ || !frozen_.empty()) return;
  frozen_ = StopFamily(id_);
  Guard();
}

void PostgresProcess::Thaw() {
  if (!ended_) {
    for (const pid_t id : std::exchange(frozen_, {})) kill(id, SIGCONT);
  }
  DismissGuard();
}

// Who is stopped cannot end when it is told to. So if this process is killed
// now, another one has to let them go on, and end.
void PostgresProcess::Guard() {
  int ends[2];
  Require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
  std::string script = "read -r dismissed || kill -CONT";
  for (const pid_t id : frozen_) script += " " + std::to_string(id);
  guard_ =
      StartProgram({.command = {"/bin/sh", "-c", script}, .folder = folder_, .input = ends[0]});
  guard_input_ = ends[1];
  close(ends[0]);
}

void PostgresProcess::DismissGuard() {
  frozen_.clear();
  if (guard_input_ < 0) return;
  Require(write(guard_input_, "\n", 1) == 1, "write");
  close(std::exchange(guard_input_, -1));
  Require(provisioning::WaitForEnd(guard_, absl::Seconds(60)).has_value(),
          "the guard does not end");
}

}  // namespace provisioning
