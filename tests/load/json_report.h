// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/load/load_report.h"

namespace provisioning {

// Everything that was measured, as one JSON object. Times are in seconds, memory
// in bytes, shares from 0 to 1.
std::string JsonReport(const LoadReport& report);

}  // namespace provisioning
