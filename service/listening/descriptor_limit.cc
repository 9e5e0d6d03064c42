// SPDX-License-Identifier: Apache-2.0
#include "service/listening/descriptor_limit.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "service/listening/descriptor.h"

namespace provisioning {
namespace {

constexpr int kept_back_most = 64;
// A probe is a connection of its own, and gone after a moment.
constexpr int probes_most = 32;

}  // namespace

int RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  rlimit raised = limit;
  raised.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

// Callers come last: were probes at the top of the limit, the kernel's table would
// have to reach up to there, which is gigabytes where the limit is a billion.
absl::StatusOr<DescriptorRanges> DivideDescriptors(int limit, int lowest_free, int callers_max) {
  const int begin = lowest_free + std::min(kept_back_most, limit / 4);
  const int room = limit - begin;
  if (room < 2) {
    return absl::UnavailableError(
        absl::StrCat("the limit of open files (", limit,
                     ") leaves no room for connections; raise it (ulimit -Hn)"));
  }
  const int probes = std::clamp(room / 4, 1, probes_most);
  const int left = room - probes;
  const int callers = callers_max == 0 ? left : std::min(callers_max, left);
  return DescriptorRanges{.probes = {.begin = begin, .end = begin + probes},
                          .callers = {.begin = begin + probes, .end = begin + probes + callers}};
}

absl::StatusOr<DescriptorRanges> DivideDescriptors(int callers_max) {
  const int limit = RaiseDescriptorLimit();
  const Descriptor lowest(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return DivideDescriptors(limit, lowest.is_open() ? lowest.number() : limit, callers_max);
}

}  // namespace provisioning
