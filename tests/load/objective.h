// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace provisioning {

// What a run can be judged by.
enum class Metric {
  kLatencyPercentile,  // Of rows: from when they were due to their result.
  kLatencyMax,
  kLatencyMean,
  kImportPercentile,  // Of whole imports: from start to summary.
  kErrors,            // The share of rows that did not get the right answer.
  kRate,              // Rows answered per second.
  kMemory,            // The server's largest resident memory.
};

// A promise about one of them: `p99<500ms`, `errors<0.1%`, `rate>=1000`.
class Objective {
 public:
  // INVALID_ARGUMENT: it is none; the message says what one looks like.
  static absl::StatusOr<Objective> Parse(std::string_view text);

  // As it was given, without spaces.
  const std::string& text() const { return text_; }
  Metric metric() const { return metric_; }
  // Of a percentile: 0 to 100.
  double percent() const { return percent_; }

  // Whether `measured` keeps it: seconds, a fraction, rows per second or bytes.
  // Nothing: more than any bound (or, of a rate, not measured): it does not.
  bool Met(std::optional<double> measured) const;
  // `measured` in the unit that its bound is meant in.
  std::string ValueText(std::optional<double> measured) const;

 private:
  std::string text_;
  Metric metric_ = Metric::kRate;
  double percent_ = 0;
  bool below_ = true;       // It is an upper bound.
  bool inclusive_ = false;  // The bound itself is allowed.
  double bound_ = 0;
};

}  // namespace provisioning
