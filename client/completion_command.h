// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision completion: a script for a shell.
void AddCompletionCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
