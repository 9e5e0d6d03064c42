// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/load/load_report.h"

namespace provisioning {

// One HTML file to look at: nothing is loaded from elsewhere, and no script is
// needed. What came from outside is escaped.
std::string HtmlReport(const LoadReport& report);

}  // namespace provisioning
