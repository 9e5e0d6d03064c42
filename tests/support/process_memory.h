// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace provisioning {

// Resident memory of a process of this machine. Nothing: there is no such
// process.
std::optional<std::int64_t> ResidentBytes(pid_t id);

}  // namespace provisioning
