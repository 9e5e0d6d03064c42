// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace provisioning {

// Where a stream's rows come from: the times when they were due.
class RowFeed {
 public:
  virtual ~RowFeed() = default;

  // At most `count` rows that are due and were not taken, the oldest first.
  virtual std::vector<std::int64_t> Take(int count) = 0;
  // None is left, and none will come.
  virtual bool Ended() = 0;
};

}  // namespace provisioning
