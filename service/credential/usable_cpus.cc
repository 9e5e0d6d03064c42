// SPDX-License-Identifier: Apache-2.0
#include "service/credential/usable_cpus.h"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>

namespace provisioning {
namespace {

namespace fs = std::filesystem;

// Empty if it cannot be read.
std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int CpusOfAffinity() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0) return CPU_COUNT(&cpus);
  return static_cast<int>(std::thread::hardware_concurrency());
}

// The two files of cgroup v1 as the one of v2. Its "no limit" is -1.
std::string QuotaOfFolder(const fs::path& folder) {
  const std::string cpu_max = ReadFile(folder / "cpu.max");
  if (!cpu_max.empty()) return cpu_max;
  return ReadFile(folder / "cpu.cfs_quota_us") + " " + ReadFile(folder / "cpu.cfs_period_us");
}

std::optional<int> Tighter(std::optional<int> a, std::optional<int> b) {
  if (!a.has_value()) return b;
  if (!b.has_value()) return a;
  return std::min(*a, *b);
}

// `path` may be the host's while `mount` shows only the container's part of the
// tree: folders that are not there are passed over.
std::optional<int> TightestUpwards(const fs::path& mount, fs::path path) {
  std::optional<int> cpus = CpusOfQuota(QuotaOfFolder(mount));
  for (; !path.empty(); path = path.parent_path()) {
    cpus = Tighter(cpus, CpusOfQuota(QuotaOfFolder(mount / path)));
  }
  return cpus;
}

bool HasController(const std::string& controllers, std::string_view wanted) {
  std::istringstream list(controllers);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == wanted) return true;
  }
  return false;
}

}  // namespace

std::optional<int> CpusOfQuota(std::string_view cpu_max) {
  std::istringstream text{std::string(cpu_max)};
  std::int64_t quota = 0;
  std::int64_t period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  const std::int64_t cpus = quota / period + (quota % period != 0 ? 1 : 0);
  return static_cast<int>(std::min<std::int64_t>(cpus, INT32_MAX));
}

std::optional<int> CgroupCpus(std::string_view self_cgroup, const fs::path& mount) {
  std::optional<int> cpus;
  std::istringstream lines{std::string(self_cgroup)};
  // A line is `id:controllers:/path`; that of v2 names no controllers.
  std::string id, controllers, path;
  while (std::getline(lines, id, ':') && std::getline(lines, controllers, ':') &&
         std::getline(lines, path)) {
    const fs::path below = fs::path(path).relative_path();
    if (controllers.empty()) cpus = Tighter(cpus, TightestUpwards(mount, below));
    if (HasController(controllers, "cpu")) {
      cpus = Tighter(cpus, TightestUpwards(mount / "cpu", below));
    }
  }
  return cpus;
}

int UsableCpus() {
  const std::optional<int> quota = CgroupCpus(ReadFile("/proc/self/cgroup"), "/sys/fs/cgroup");
  return std::max(1, std::min(CpusOfAffinity(), quota.value_or(INT32_MAX)));
}

}  // namespace provisioning
