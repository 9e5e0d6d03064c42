// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision imports list, show, revert.
void AddImportsCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
