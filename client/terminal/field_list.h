// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace provisioning {

// Prints what a record says, a line per field, with the values below each other
// and made safe for a terminal. An empty value: nothing.
void PrintField(std::string_view name, std::string_view value, std::FILE* out);
// 0: nothing.
void PrintCount(std::string_view name, std::int64_t count, std::FILE* out);

}  // namespace provisioning
