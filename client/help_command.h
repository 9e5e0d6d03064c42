// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision help COMMAND: the same as provision COMMAND --help.
void AddHelpCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
