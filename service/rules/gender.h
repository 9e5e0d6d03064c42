// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "service/rules/row_report.h"

namespace provisioning {

// 'M' or 'F'; 0: the cell is blank, or a violation was reported.
char CheckGender(std::string_view cell, RowReport& report);

}  // namespace provisioning
