// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "absl/time/time.h"

namespace provisioning {

// Bounds how many lines a log gets of something that others can bring about as often
// as they like. Any thread.
class LogPace {
 public:
  // At most `lines_max` in each `period`, which begins with its first line.
  LogPace(int lines_max, absl::Duration period) : lines_max_(lines_max), period_(period) {}

  // Nothing: this one is to be left out. Else how many were left out before it.
  std::optional<std::int64_t> Allow(absl::Time now) {
    const std::lock_guard lock(mutex_);
    // The wall clock may have been set back.
    if (now < begin_ || now - begin_ >= period_) {
      begin_ = now;
      lines_ = 0;
    }
    if (lines_ == lines_max_) {
      ++left_out_;
      return std::nullopt;
    }
    ++lines_;
    const std::int64_t left_out = left_out_;
    left_out_ = 0;
    return left_out;
  }

 private:
  const int lines_max_;
  const absl::Duration period_;

  std::mutex mutex_;
  // The rest is guarded by mutex_.
  absl::Time begin_ = absl::InfinitePast();
  int lines_ = 0;
  std::int64_t left_out_ = 0;
};

}  // namespace provisioning
