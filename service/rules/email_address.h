// SPDX-License-Identifier: Apache-2.0
// StoredEmailAddress, the other function about addresses, is in row_rules.h.
#pragma once

#include <string>

#include "service/rules/row_report.h"

namespace provisioning {

// The address as it is stored. Of one that was rejected, what can be read of it:
// at most limits::email_bytes_max bytes of UTF-8 without control characters.
std::string CheckEmailAddress(std::string cell, RowReport& report);

}  // namespace provisioning
