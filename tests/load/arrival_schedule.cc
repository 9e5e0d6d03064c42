// SPDX-License-Identifier: Apache-2.0
#include "tests/load/arrival_schedule.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/load/random_bits.h"

namespace provisioning {
namespace {

constexpr double nanoseconds_per_second = 1e9;

// The number of the first row at or after `time`, when row n comes at n / rate.
std::int64_t FirstRowFrom(std::int64_t time, double rate) {
  return static_cast<std::int64_t>(
      std::ceil(static_cast<double>(time) / nanoseconds_per_second * rate - 1e-9));
}

std::mt19937_64 RandomOf(std::uint64_t seed, std::int64_t tick) {
  return std::mt19937_64(RandomBits(seed, static_cast<std::uint64_t>(tick)));
}

std::int64_t PoissonCount(double rate, std::mt19937_64& random) {
  const double mean = rate * ArrivalSchedule::tick_nanoseconds / nanoseconds_per_second;
  return std::poisson_distribution<std::int64_t>(mean)(random);
}

}  // namespace

std::int64_t ArrivalSchedule::CountOfTick(std::int64_t tick) const {
  if (spacing_ == Spacing::kConstant) {
    return FirstRowFrom((tick + 1) * tick_nanoseconds, rate_) -
           FirstRowFrom(tick * tick_nanoseconds, rate_);
  }
  std::mt19937_64 random = RandomOf(seed_, tick);
  return PoissonCount(rate_, random);
}

std::vector<std::int64_t> ArrivalSchedule::RowsOfTick(std::int64_t tick) const {
  const std::int64_t begin = tick * tick_nanoseconds;
  std::vector<std::int64_t> times;
  if (spacing_ == Spacing::kConstant) {
    const std::int64_t end_row = FirstRowFrom(begin + tick_nanoseconds, rate_);
    for (std::int64_t row = FirstRowFrom(begin, rate_); row < end_row; ++row) {
      times.push_back(std::llround(static_cast<double>(row) / rate_ * nanoseconds_per_second));
    }
    return times;
  }
  // Given their number, the points of a Poisson process are anywhere in the tick,
  // each as likely as the next.
  std::mt19937_64 random = RandomOf(seed_, tick);
  times.resize(static_cast<std::size_t>(PoissonCount(rate_, random)));
  std::uniform_int_distribution<std::int64_t> place(begin, begin + tick_nanoseconds - 1);
  for (std::int64_t& time : times) time = place(random);
  std::ranges::sort(times);
  return times;
}

}  // namespace provisioning
