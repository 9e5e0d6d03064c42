// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients ...: the accounts after the import.
void AddClientsCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
