// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace provisioning {

// A, B ... Z, AA ...: what a spreadsheet calls the column; `index` from 0.
std::string SpreadsheetColumn(std::size_t index);
// "cell 5 (column E)"
std::string CellName(std::size_t index);

}  // namespace provisioning
