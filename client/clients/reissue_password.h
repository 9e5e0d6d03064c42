// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "client/command.h"

namespace CLI {
class App;
}

namespace provisioning {

// provision clients reissue: a new temporary password, for one or for an import.
void AddReissuePassword(CLI::App& clients, Command& chosen);

}  // namespace provisioning
