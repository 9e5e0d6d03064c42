// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "client/report/problems_file.h"
#include "client/report/validation_report.h"

namespace provisioning {

// Tells a person what the check of the file `name` has found.
void SayValidation(const ValidationReport& report, const ProblemsFile& problems,
                   const std::string& name);

}  // namespace provisioning
