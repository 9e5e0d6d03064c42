// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace provisioning {

// provision validate FILE: checks, offline or on the server; writes no client.
void AddValidateCommand(CLI::App& app, int& exit_code);

}  // namespace provisioning
