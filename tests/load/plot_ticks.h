// SPDX-License-Identifier: Apache-2.0
// Axes with round numbers on them.
#pragma once

#include <string>
#include <vector>

#include "tests/load/svg_plot.h"

namespace provisioning {

// From 0 to a round number at or above `largest`.
PlotAxis CountAxis(const std::string& title, double largest);
PlotAxis MemoryAxis(const std::string& title, double largest_bytes);
// Seconds of latency; logarithmic if they spread over more than a decade.
PlotAxis LatencyAxis(const std::string& title, double smallest, double largest);
// Seconds of a run.
PlotAxis TimeAxis(const std::string& title, double seconds);
// The share of rows that are slower, logarithmic from 1 down to 1 / `rows`: the
// value of a point is 1 / (that share).
PlotAxis PercentileAxis(const std::string& title, double rows);

}  // namespace provisioning
