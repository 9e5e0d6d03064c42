// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "service/model/field_issue.h"
#include "service/rules/row_report.h"

namespace provisioning {

// The name as it is stored, in NFC. Also of a name that was rejected, as far as
// it could be read.
std::string CheckName(Column column, std::string cell, RowReport& report);

}  // namespace provisioning
