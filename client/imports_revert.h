// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "client/command.h"
#include "client/connection.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision imports revert: undoes an import.
void AddRevertImport(CLI::App& imports, Command& chosen);

// The command that undoes it, or goes on with that, without asking.
std::string RevertCommand(const std::string& organization, const std::string& import_id,
                          const Connection& connection);

}  // namespace provisioning
