// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "client/session/interrupt.h"
#include "grpcpp/channel.h"
#include "tests/load/load_options.h"
#include "tests/load/run_record.h"

namespace provisioning {

// How far a run is, once a second.
struct LoadProgress {
  absl::Duration elapsed;
  RunRecord::Counts counts;
  double rows_per_second = 0;  // Answered, in the last second.
  bool stopping = false;       // Waits for the last answers.
};

// Sends what `options` say over these connections until rows or time are used
// up, or somebody interrupts; then ends all streams in order, and after the grace
// by force.
RunFacts RunLoad(const LoadOptions& options,
                 const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                 const Interrupt& interrupt, const std::function<void(const LoadProgress&)>& tell);

}  // namespace provisioning
