// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision imports list, show: the records of imports.
void AddImportsCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
