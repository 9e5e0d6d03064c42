// SPDX-License-Identifier: Apache-2.0
#include "service/listening/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace provisioning {
namespace {

constexpr int kept_back_most = 64;

}  // namespace

int RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  rlimit raised = limit;
  raised.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

int DescriptorsKeptBack(int limit) { return std::min(kept_back_most, limit / 4); }

}  // namespace provisioning
