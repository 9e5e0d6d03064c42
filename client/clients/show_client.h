// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients show: one of them.
void AddShowClient(CLI::App& clients, Command& chosen);

}  // namespace provisioning
