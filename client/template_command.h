// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision template [FILE]: an empty spreadsheet with the right header.
void AddTemplateCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
