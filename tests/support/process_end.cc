// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process_end.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/require.h"

namespace provisioning {

std::optional<int> WaitForEnd(pid_t id, absl::Duration timeout) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, id, 0));
  Require(descriptor >= 0, "pidfd_open");
  pollfd ended{descriptor, POLLIN, 0};
  const int milliseconds = timeout == absl::InfiniteDuration()
                               ? -1
                               : static_cast<int>(absl::ToInt64Milliseconds(timeout));
  const int count = poll(&ended, 1, milliseconds);
  close(descriptor);
  if (count != 1) return std::nullopt;
  int status = 0;
  Require(waitpid(id, &status, 0) == id, "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace provisioning
