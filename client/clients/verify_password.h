// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients verify: whether this is the client's password.
void AddVerifyPassword(CLI::App& clients, Command& chosen);

}  // namespace provisioning
