// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace provisioning {

// All of a small file. INVALID_ARGUMENT, with the path and why: it cannot be read,
// or has more than `bytes_max`.
absl::StatusOr<std::string> ReadTextFile(const std::string& path, std::size_t bytes_max);

}  // namespace provisioning
