// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "service/model/row_result.h"

namespace provisioning {

// Is told what the imports do, for whoever counts it; does nothing by itself.
// Called for batches of rows, never for each, on any thread, several at a time;
// must be quick. See also ImportCore::rows_waiting and stream_count.
class ImportObserver {
 public:
  using Seconds = std::chrono::duration<double>;

  // Rows that came together and are answered together.
  struct Wait {
    Seconds time;  // From when they were received until their results went to the edge.
    std::int64_t rows = 0;
  };
  struct Answered {
    OutcomeCounts rows = {};
    std::int64_t replayed_rows = 0;
    bool validate_only = false;
    std::span<const Wait> waits = {};  // Of all these rows.
  };

  virtual ~ImportObserver() = default;

  virtual void OnAnswered(const Answered& /*answered*/) {}
  // `time`: from when the batch was handed to the store until what became of it
  // was known, the waiting for others included. `rows`: settled ones; of a failure 0.
  virtual void OnCommitted(Seconds /*time*/, std::int64_t /*rows*/,
                           const absl::Status& /*status*/) {}

  // One that does nothing. Lives for ever.
  static ImportObserver& None() {
    static ImportObserver none;
    return none;
  }
};

}  // namespace provisioning
