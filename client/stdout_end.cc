// SPDX-License-Identifier: Apache-2.0
#include "client/stdout_end.h"

#include <errno.h>
#include <string.h>

#include <cstdio>
#include <string>

#include "client/message.h"

namespace provisioning {

std::optional<int> StdoutEnd() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return std::nullopt;
  if (errno == EPIPE || errno == 0) return kExitAccepted;
  return Fail(kExitFile, std::string("stdout cannot be written to: ") + strerror(errno));
}

}  // namespace provisioning
