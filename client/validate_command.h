// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision validate FILE: checks, offline or on the server; writes no client.
void AddValidateCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
