// SPDX-License-Identifier: Apache-2.0
// The plots of a run.
#pragma once

#include "tests/load/load_report.h"
#include "tests/load/svg_plot.h"

namespace provisioning {

// Needs a row that was answered.
Plot LatencyByPercentile(const LoadReport& report);
Plot RateOverTime(const LoadReport& report);
Plot LatencyOverTime(const LoadReport& report);
// Needs facts.memory.
Plot MemoryOverTime(const LoadReport& report);

}  // namespace provisioning
