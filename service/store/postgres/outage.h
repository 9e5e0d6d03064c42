// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <utility>

#include "absl/status/status.h"

namespace provisioning {

// Whether the database is away, as all who use it found out: while it is, one at a
// time tries it now and then, and the others are told so at once, instead of each
// waiting in its turn. Any thread.
class Outage {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // `tell` is called, on any thread, with why when the database has gone, with OK
  // when it is back, and with what is noted. May be empty.
  explicit Outage(std::function<void(const absl::Status&)> tell,
                  std::function<Time()> now = std::chrono::steady_clock::now)
      : tell_(std::move(tell)), now_(std::move(now)) {}

  // Not OK: it is away, and somebody else has just tried.
  absl::Status Check();
  // Whether it was found to be away.
  bool away() const;
  // It was waited for in vain.
  void Begin(const absl::Status& why);
  // It has answered.
  void End();
  // It refused something that it should not have.
  void Note(const absl::Status& error) const;

 private:
  const std::function<void(const absl::Status&)> tell_;
  const std::function<Time()> now_;
  mutable std::mutex mutex_;
  absl::Status why_;  // OK: it is there. Guarded by mutex_.
  Time next_try_;     // Guarded by mutex_.
};

}  // namespace provisioning
