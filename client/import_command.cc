// SPDX-License-Identifier: Apache-2.0
#include "client/import_command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "client/import_run.h"
#include "client/import_settings.h"
#include "client/message.h"
#include "client/session/interrupt.h"

namespace provisioning {
namespace {

int RunImportCommand(ImportSettings& settings) {
  absl::Status status = settings.CheckImport();
  if (status.ok()) status = settings.connection.Prepare();
  if (!status.ok()) return Fail(status);
  return ImportRun(settings, InstallInterruptHandlers()).Run();
}

}  // namespace

void AddImportCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand(
      "import", "Check a CSV file and import its rows as clients of an organization");
  const auto settings = std::make_shared<ImportSettings>();
  settings->AddSharedFlags(*command);
  settings->AddImportFlags(*command);
  command->callback(
      [settings, &chosen] { chosen = [settings] { return RunImportCommand(*settings); }; });
}

}  // namespace provisioning
