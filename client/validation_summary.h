// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "client/import_settings.h"
#include "client/report/problems_file.h"
#include "client/report/validation_report.h"

namespace provisioning {

// Tells a person what the check of the file `name` has found.
void SayValidation(const ValidationReport& report, const ProblemsFile& problems,
                   const std::string& name);

// What to do after `provision validate`, or after a check that stopped an
// import.
void SayAfterValidation(const ValidationReport& report, const ImportSettings& settings);

// Says how far the server has looked for repeated addresses, if not to the end.
void SayDuplicatesUnchecked(const ValidationReport& report, std::int64_t checked_through_row);

// Before an import whose passwords take long to be hashed: how long, and what
// would be faster. `hashes_per_second`: the server's; 0: not known.
void SayHashingTime(const ValidationReport& report, const ImportSettings& settings,
                    double hashes_per_second);

}  // namespace provisioning
