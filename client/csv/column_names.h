// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/model/field_issue.h"

namespace provisioning {

// A header's cell without the white space around it, and in lower case.
std::string NormalizedColumnName(std::string_view cell);

// Both take a normalized name.
std::optional<Column> ColumnNamed(std::string_view name);
// The column that a name probably means: misspelt, another product's, or in
// another language.
std::optional<Column> ColumnMeant(std::string name);

// How many columns the cells of a line name or mean: whether it looks like a
// header.
int ColumnsMeant(const std::vector<std::string>& cells);

}  // namespace provisioning
