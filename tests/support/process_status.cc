// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process_status.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace provisioning {
namespace {

std::string FirstLine(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

int ThreadsNamed(const std::string& name, const std::string& process) {
  int count = 0;
  // A thread may end meanwhile.
  std::error_code ignored;
  for (std::filesystem::directory_iterator task(process + "/task", ignored), end; task != end;
       task.increment(ignored)) {
    if (FirstLine(task->path() / "comm") == name) ++count;
  }
  return count;
}

}  // namespace

ProcessStatus ReadProcessStatus(pid_t id) {
  ProcessStatus status;
  const std::string process = "/proc/" + std::to_string(id);
  status.own_threads = ThreadsNamed(FirstLine(process + "/comm"), process);
  std::ifstream file(process + "/status");
  for (std::string name, rest; file >> name && std::getline(file, rest);) {
    const auto number = [&rest] { return std::stoll(rest); };
    if (name == "VmRSS:") status.resident_bytes = number() * 1024;
    if (name == "VmHWM:") status.peak_resident_bytes = number() * 1024;
    if (name == "Threads:") status.threads = static_cast<int>(number());
  }
  return status;
}

}  // namespace provisioning
