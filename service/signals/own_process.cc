// SPDX-License-Identifier: Apache-2.0
#include "service/signals/own_process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace provisioning {
namespace {

// The numbers of a line of /proc, from the third field on: the second one, the
// program's name, may have spaces in it.
std::vector<double> NumbersBehindName(const std::string& line) {
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string state;
  fields >> state;
  return {std::istream_iterator<double>(fields), {}};
}

double BootTime() {
  std::ifstream file("/proc/stat");
  std::string word;
  double seconds = 0;
  while (file >> word) {
    if (word == "btime" && file >> seconds) return seconds;
  }
  return 0;
}

double OpenDescriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  double count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return count > 0 ? count - 1 : 0;  // One of them is that of the folder.
}

}  // namespace

OwnProcess ReadOwnProcess() {
  OwnProcess status;
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // Field 4 of proc(5) is the first one here.
  const std::vector<double> numbers = NumbersBehindName(line);
  if (numbers.size() > 20) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    status.cpu_seconds = (numbers[10] + numbers[11]) / ticks;
    status.start_time = BootTime() + numbers[18] / ticks;
    status.virtual_bytes = numbers[19];
    status.resident_bytes = numbers[20] * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
  status.open_fds = OpenDescriptors();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    status.max_fds = limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<double>::infinity()
                                                     : static_cast<double>(limit.rlim_cur);
  }
  return status;
}

}  // namespace provisioning
