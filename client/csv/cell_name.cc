// SPDX-License-Identifier: Apache-2.0
#include "client/csv/cell_name.h"

namespace provisioning {

std::string SpreadsheetColumn(std::size_t index) {
  std::string name;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return name;
}

std::string CellName(std::size_t index) {
  return "cell " + std::to_string(index + 1) + " (column " + SpreadsheetColumn(index) + ")";
}

}  // namespace provisioning
