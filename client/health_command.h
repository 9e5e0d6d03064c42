// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision health: whether the server takes requests.
void AddHealthCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
