// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients delete: erases one.
void AddDeleteClient(CLI::App& clients, Command& chosen);

}  // namespace provisioning
