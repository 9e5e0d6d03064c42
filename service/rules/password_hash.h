// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "service/model/imported_hash.h"
#include "service/model/secret_string.h"
#include "service/rules/row_report.h"

namespace provisioning {

// The cell has content. It may be a password all the same: columns slip.
bool BringsPasswordHash(const SecretString& cell);

// The hash as it is to be stored; nothing: there is none, or a violation was
// reported. No message quotes the cell.
std::optional<ImportedHash> CheckPasswordHash(const SecretString& cell, bool beside_password,
                                              RowReport& report);

// Somebody took the wrong column.
bool LooksHashed(std::string_view password);

}  // namespace provisioning
