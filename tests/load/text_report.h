// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/load/load_report.h"

namespace provisioning {

// For a terminal: summary, latencies, outcomes, errors, objectives.
std::string TextReport(const LoadReport& report);

}  // namespace provisioning
