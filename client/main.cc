// SPDX-License-Identifier: Apache-2.0
// provision: the command-line client.
#include <stdlib.h>

#include <CLI/CLI.hpp>

#include "client/clients_command.h"
#include "client/exit_code.h"
#include "client/health_command.h"
#include "client/import_command.h"
#include "client/imports_command.h"
#include "client/template_command.h"
#include "client/validate_command.h"
#include "client/version_command.h"

int main(int argc, char** argv) {
  // What gRPC would print of a lost connection, the commands say in words.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  CLI::App app("Imports people from a spreadsheet as clients of an organization.", "provision");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 all rows accepted, 1 some were not, 2 usage, 3 file, 4 server unreachable,\n"
      "5 not allowed, 6 broken off, 130 interrupted.");
  int exit_code = provisioning::kExitAccepted;
  provisioning::AddTemplateCommand(app, exit_code);
  provisioning::AddValidateCommand(app, exit_code);
  provisioning::AddImportCommand(app, exit_code);
  provisioning::AddImportsCommand(app, exit_code);
  provisioning::AddClientsCommand(app, exit_code);
  provisioning::AddHealthCommand(app, exit_code);
  provisioning::AddVersionCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? provisioning::kExitAccepted : provisioning::kExitUsage;
  }
  return exit_code;
}
