// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision man: the manual page.
void AddManCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
