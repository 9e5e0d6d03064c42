// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients activate: the first sign-in, with the temporary password.
void AddActivateClient(CLI::App& clients, Command& chosen);

}  // namespace provisioning
