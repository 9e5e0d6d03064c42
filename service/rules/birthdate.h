// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "service/model/clock.h"
#include "service/rules/row_report.h"

namespace provisioning {

// The date as a number, YYYYMMDD; 0: the cell is blank or no date. A date that
// breaks a bound is reported and returned.
//
// What a spreadsheet makes of dates is named and never mended: a suggestion is
// only made where there is one way to read the cell.
std::int32_t CheckBirthdate(std::string_view cell, const Clock& clock, RowReport& report);

}  // namespace provisioning
