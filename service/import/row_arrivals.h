// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "service/import/import_observer.h"

namespace provisioning {

// When the rows of a stream came. Rows are answered in the order of their coming,
// so it is enough to remember each message. Not thread-safe.
class RowArrivals {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  // `rows` came at this time, behind all before.
  void Add(std::int64_t rows, Time now) {
    if (rows > 0) messages_.push_back({now, rows});
  }

  // The next `rows` are answered now: how long they took, in the order of their
  // coming. Less than so many if fewer came.
  std::vector<ImportObserver::Wait> Take(std::int64_t rows, Time now) {
    std::vector<ImportObserver::Wait> waits;
    while (rows > 0 && !messages_.empty()) {
      Message& message = messages_.front();
      const std::int64_t taken = std::min(rows, message.rows);
      waits.push_back({now - message.time, taken});
      rows -= taken;
      message.rows -= taken;
      if (message.rows == 0) messages_.pop_front();
    }
    return waits;
  }

 private:
  struct Message {
    Time time;
    std::int64_t rows;  // Not answered yet; above 0.
  };
  std::deque<Message> messages_;
};

}  // namespace provisioning
