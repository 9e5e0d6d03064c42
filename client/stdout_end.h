// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

namespace provisioning {

// Hands on what was printed to stdout. The exit code, if that is the end: nobody
// reads any more (which is no error, and nothing is said), or it cannot be
// written.
std::optional<int> StdoutEnd();

}  // namespace provisioning
