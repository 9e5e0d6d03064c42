// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision version.
void AddVersionCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
