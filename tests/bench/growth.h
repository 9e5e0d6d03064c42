// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace provisioning {

// Measures how the rate of imports with generated passwords changes with the
// clients in the store, with streams at a time, and with organizations; prints a
// table, and draws it into an SVG file. Takes some minutes.
void MeasureGrowth(const std::string& svg_path, bool quick);

}  // namespace provisioning
