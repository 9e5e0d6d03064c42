// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}  // namespace CLI

namespace provisioning {

// What provisiond's command line asks for: returns the exit code. Run after the
// whole line was understood.
using Command = std::function<int()>;

// `provisiond serve`.
void AddServeCommand(CLI::App& app, Command& chosen);
// `provisiond check-config`.
void AddCheckConfigCommand(CLI::App& app, Command& chosen);
// `provisiond audit export`.
void AddAuditCommand(CLI::App& app, Command& chosen);
// `provisiond migrate`.
void AddMigrateCommand(CLI::App& app, Command& chosen);
// `provisiond backup`.
void AddBackupCommand(CLI::App& app, Command& chosen);

}  // namespace provisioning
