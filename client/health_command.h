// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision health: whether the server takes requests.
void AddHealthCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
