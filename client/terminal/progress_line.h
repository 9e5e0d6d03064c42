// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace provisioning {

// How far something is.
struct ProgressFacts {
  std::string label;  // "Importing".
  double done = 0;    // 0 to 1.
  std::int64_t rows = 0;
  double rows_per_second = 0;
  std::int64_t refused = 0;
  std::optional<absl::Duration> left = std::nullopt;  // Nothing: not known yet.
  std::string noun = "row";                           // What is counted.
};

// For a log: all of it.
std::string ProgressLine(const ProgressFacts& facts);

// For a terminal, in at most `columns` columns: with a bar as long as there is
// room for, and without what there is no room for, the least important first.
std::string ProgressBarLine(const ProgressFacts& facts, std::size_t columns);

}  // namespace provisioning
