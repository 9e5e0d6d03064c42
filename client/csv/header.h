// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/model/field_issue.h"

namespace provisioning {

// Where each column stands in a record.
struct ColumnPlaces {
  std::array<int, column_count> place;  // From 0; -1: the file does not have the column.
  int width = 0;                        // Cells of a record, without empty ones at its end.

  bool has(Column column) const { return place[static_cast<std::size_t>(column)] >= 0; }
};

// Matches the header's cells with the columns by name; letter case, order and
// white space around a name do not matter. INVALID_ARGUMENT: columns are
// missing, unknown, misspelt or double; the message shows each of them, like a
// diff. It shows no cell of a file that has no header at all, since that may be
// a password.
absl::StatusOr<ColumnPlaces> MatchHeader(const std::vector<std::string>& cells,
                                         bool password_optional);

}  // namespace provisioning
