// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "service/trust/policy.h"

namespace provisioning {

inline constexpr std::size_t policy_bytes_max = 4 << 20;

// Reads a policy file; policy.schema.json beside this says what may stand in it.
// Nothing is guessed or left out: INVALID_ARGUMENT names up to five faults, each
// with its place (a line and column, or a path such as callers["a.example"].verbs[2]).
absl::StatusOr<Policy> ParsePolicy(std::string_view text);

}  // namespace provisioning
