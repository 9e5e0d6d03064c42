// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace provisioning {

// The path in a --store of the form sqlite:PATH. INVALID_ARGUMENT, with a sentence
// that names the flag, for any other.
absl::StatusOr<std::string> SqlitePath(const std::string& store);

}  // namespace provisioning
