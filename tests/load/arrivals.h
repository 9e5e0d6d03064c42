// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "tests/load/arrival_schedule.h"
#include "tests/load/row_feed.h"

namespace provisioning {

// The rows of an open loop as their time comes. The rows of a tick go to one
// stream, those of the next tick to the next one, in turn.
class Arrivals {
 public:
  // `rows_max`: how many arrive in all; 0: no limit.
  Arrivals(const ArrivalSchedule& schedule, int streams, std::int64_t rows_max)
      : schedule_(schedule), streams_(streams), rows_max_(rows_max) {}

  // Lets the ticks come that have ended at `now`, and calls `due` for each that
  // has rows. By one thread.
  using OnTick = std::function<void(int stream, std::int64_t time, std::int64_t rows)>;
  void Advance(std::int64_t now, const OnTick& due);
  // No more rows will come. Also by itself, after rows_max. Any thread.
  void Stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }
  // What is due and was not taken is not to be sent any more. Any thread.
  void Drop() { dropped_ = true; }

 private:
  friend class StreamArrivals;

  const ArrivalSchedule schedule_;
  const int streams_;
  const std::int64_t rows_max_;
  std::int64_t rows_ = 0;  // So far.
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> dropped_ = false;
  std::atomic<std::int64_t> due_ticks_ = 0;
  // How many rows of the last tick count; written before the tick is due.
  std::atomic<std::int64_t> last_tick_ = -1;
  std::atomic<std::int64_t> last_tick_rows_ = 0;
};

// One stream's share of them. Any thread.
class StreamArrivals final : public RowFeed {
 public:
  // `arrivals` outlives it.
  StreamArrivals(Arrivals& arrivals, int stream) : arrivals_(arrivals), tick_(stream) {}

  std::vector<std::int64_t> Take(int count) override;
  bool Ended() override;
  // Whether a row waits to be taken.
  bool Waiting();

 private:
  // Moves on to the next tick that has rows, as far as they are due.
  void Load();

  Arrivals& arrivals_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::int64_t tick_;                // The next to be loaded.
  std::vector<std::int64_t> times_;  // Of the tick that was loaded last.
  std::size_t next_ = 0;             // Of times_.
};

}  // namespace provisioning
