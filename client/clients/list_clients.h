// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients list: all of them, or some.
void AddListClients(CLI::App& clients, Command& chosen);

}  // namespace provisioning
