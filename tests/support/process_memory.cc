// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process_memory.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace provisioning {

std::optional<std::int64_t> ResidentBytes(pid_t id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/statm");
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  if (!(file >> pages >> resident)) return std::nullopt;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace provisioning
