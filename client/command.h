// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace provisioning {

// What a command line asks for: returns the exit code. Run after the whole line
// was understood.
using Command = std::function<int()>;

}  // namespace provisioning
