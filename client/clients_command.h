// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision clients list, show: the accounts.
void AddClientsCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
