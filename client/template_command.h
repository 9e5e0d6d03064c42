// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision template [FILE]: an empty spreadsheet with the right header.
void AddTemplateCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
