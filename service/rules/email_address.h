// SPDX-License-Identifier: Apache-2.0
// StoredEmailAddress, which is about addresses as well, is in row_rules.h.
#pragma once

#include <string>
#include <string_view>

#include "service/rules/row_report.h"

namespace provisioning {

// The address as it is stored. Of one that was rejected, what can be read of it:
// at most limits::email_bytes_max bytes of UTF-8 without control characters.
std::string CheckEmailAddress(std::string cell, RowReport& report);

// What stands before the @; all of it, if there is none. Valid as long as `address`.
inline std::string_view LocalPartOf(std::string_view address) {
  return address.substr(0, address.find('@'));
}

}  // namespace provisioning
