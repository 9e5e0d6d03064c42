// SPDX-License-Identifier: Apache-2.0
#include "client/stdout_end.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "client/message.h"

namespace provisioning {
namespace {

bool NobodyReads() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

std::optional<int> StdoutEnd() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return std::nullopt;
  const int error = errno;
  if (error == EPIPE || NobodyReads()) return kExitAccepted;
  // It may have failed while it was printed, and errno is long gone.
  const std::string why = error == 0 ? "" : std::string(": ") + strerror(error);
  return Fail(kExitFile, "stdout cannot be written to" + why);
}

}  // namespace provisioning
