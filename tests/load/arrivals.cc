// SPDX-License-Identifier: Apache-2.0
#include "tests/load/arrivals.h"

#include <algorithm>

namespace provisioning {

void Arrivals::Advance(std::int64_t now, const OnTick& due) {
  for (std::int64_t tick = due_ticks_; !stopped_; ++tick) {
    if ((tick + 1) * ArrivalSchedule::tick_nanoseconds > now) return;
    std::int64_t count = schedule_.CountOfTick(tick);
    if (rows_max_ > 0 && rows_ + count >= rows_max_) {
      count = rows_max_ - rows_;
      last_tick_rows_ = count;
      last_tick_ = tick;
    }
    rows_ += count;
    due_ticks_ = tick + 1;
    if (last_tick_ == tick) Stop();
    const auto stream = static_cast<int>(tick % streams_);
    if (count > 0) due(stream, tick * ArrivalSchedule::tick_nanoseconds, count);
  }
}

void StreamArrivals::Load() {
  while (next_ == times_.size() && tick_ < arrivals_.due_ticks_) {
    times_ = arrivals_.schedule_.RowsOfTick(tick_);
    if (tick_ == arrivals_.last_tick_) {
      times_.resize(static_cast<std::size_t>(arrivals_.last_tick_rows_.load()));
    }
    next_ = 0;
    tick_ += arrivals_.streams_;
  }
}

std::vector<std::int64_t> StreamArrivals::Take(int count) {
  std::lock_guard lock(mutex_);
  std::vector<std::int64_t> taken;
  while (static_cast<int>(taken.size()) < count && !arrivals_.dropped_) {
    Load();
    if (next_ == times_.size()) break;
    taken.push_back(times_[next_++]);
  }
  return taken;
}

bool StreamArrivals::Waiting() {
  std::lock_guard lock(mutex_);
  Load();
  return next_ < times_.size() && !arrivals_.dropped_;
}

bool StreamArrivals::Ended() {
  // Asked first: afterwards no tick comes due that Waiting has not seen.
  const bool stopped = arrivals_.stopped_;
  return stopped && !Waiting();
}

}  // namespace provisioning
