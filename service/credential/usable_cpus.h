// SPDX-License-Identifier: Apache-2.0
// How many threads can compute at once: a container's quota is often far below
// the number of the host's processors, and more threads than that only wait.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace provisioning {

// The smaller of the processors that this process may run on and its cgroup's
// quota (v2 or v1), rounded up; at least 1.
int UsableCpus();

// What cpu.max of cgroup v2 says ("150000 100000" is 2). Nothing: no limit, or
// not such a text.
std::optional<int> CpusOfQuota(std::string_view cpu_max);

// The tightest quota of the cgroup and those above it. `self_cgroup` is the text
// of /proc/self/cgroup, `mount` is /sys/fs/cgroup. Nothing: no limit.
std::optional<int> CgroupCpus(std::string_view self_cgroup, const std::filesystem::path& mount);

}  // namespace provisioning
