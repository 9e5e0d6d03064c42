// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace provisioning {

// When rows arrive, whatever the server does: `rate` a second from time 0 on,
// either evenly spaced or at random (a Poisson process: independent of each
// other, exponential gaps). Time is cut into ticks of a millisecond, and the rows
// of a tick are a function of its number alone, so that rows which wait to be
// sent need no memory. Any thread.
class ArrivalSchedule {
 public:
  static constexpr std::int64_t tick_nanoseconds = 1'000'000;

  enum class Spacing { kConstant, kPoisson };

  // `rate`: above 0.
  ArrivalSchedule(double rate, Spacing spacing, std::uint64_t seed)
      : rate_(rate), spacing_(spacing), seed_(seed) {}

  // The times of the rows that arrive in this tick, in nanoseconds, rising.
  std::vector<std::int64_t> RowsOfTick(std::int64_t tick) const;
  // How many those are.
  std::int64_t CountOfTick(std::int64_t tick) const;

 private:
  const double rate_;
  const Spacing spacing_;
  const std::uint64_t seed_;
};

}  // namespace provisioning
