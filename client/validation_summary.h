// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "client/report/problems_file.h"
#include "client/report/validation_report.h"

namespace provisioning {

// Tells a person what the check of the file `name` has found.
void SayValidation(const ValidationReport& report, const ProblemsFile& problems,
                   const std::string& name);

// Says how far the server has looked for repeated addresses, if not to the end.
void SayDuplicatesUnchecked(const ValidationReport& report, std::int64_t checked_through_row);

}  // namespace provisioning
