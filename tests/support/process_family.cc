// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process_family.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "tests/support/poll_until.h"
#include "tests/support/require.h"

namespace provisioning {
namespace {

struct Stat {
  char state = 'X';
  pid_t parent = 0;
};

Stat ReadStat(pid_t id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string line;
  std::getline(file, line);
  // ID (NAME) STATE PARENT ..., and a name may hold anything.
  const std::size_t name_end = line.rfind(')');
  Stat stat;
  if (name_end == std::string::npos) return stat;
  std::istringstream(line.substr(name_end + 1)) >> stat.state >> stat.parent;
  return stat;
}

void StopAndWait(pid_t id) {
  kill(id, SIGSTOP);
  const bool stopped =
      PollUntil([id] { return ProcessState(id) == 'T' || HasEnded(id); }, absl::Seconds(60));
  Require(stopped, "a process does not stop");
}

}  // namespace

std::vector<pid_t> ChildrenOf(pid_t id) {
  std::vector<pid_t> children;
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry("/proc", ignored), end; entry != end;
       entry.increment(ignored)) {
    const pid_t other = std::atoi(entry->path().filename().c_str());
    if (other <= 0) continue;
    const Stat stat = ReadStat(other);
    if (stat.parent == id && stat.state != 'Z' && stat.state != 'X') children.push_back(other);
  }
  return children;
}

char ProcessState(pid_t id) { return ReadStat(id).state; }

bool HasEnded(pid_t id) {
  const char state = ProcessState(id);
  return state == 'Z' || state == 'X';
}

std::vector<pid_t> StopFamily(pid_t id) {
  // First of all the one that starts others.
  StopAndWait(id);
  std::vector<pid_t> family = ChildrenOf(id);
  for (const pid_t child : family) kill(child, SIGSTOP);
  for (const pid_t child : family) StopAndWait(child);
  family.insert(family.begin(), id);
  return family;
}

}  // namespace provisioning
