// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision import FILE: checks the whole file, then imports it.
void AddImportCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
