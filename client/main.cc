// SPDX-License-Identifier: Apache-2.0
// provision: the command-line client.
#include <signal.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "client/clients/clients_command.h"
#include "client/completion_command.h"
#include "client/global_flags.h"
#include "client/health_command.h"
#include "client/help/help_text.h"
#include "client/help/usage_error.h"
#include "client/help_command.h"
#include "client/import_command.h"
#include "client/imports_command.h"
#include "client/man_command.h"
#include "client/message.h"
#include "client/stdout_end.h"
#include "client/template_command.h"
#include "client/terminal/terminal.h"
#include "client/validate_command.h"
#include "client/version_command.h"

namespace provisioning {
namespace {

void AddCommands(CLI::App& app, Command& chosen) {
  AddTemplateCommand(app, chosen);
  AddValidateCommand(app, chosen);
  AddImportCommand(app, chosen);
  AddImportsCommand(app, chosen);
  AddClientsCommand(app, chosen);
  AddHealthCommand(app, chosen);
  AddCompletionCommand(app, chosen);
  AddManCommand(app, chosen);
  AddHelpCommand(app, chosen);
  AddVersionCommand(app, chosen);
}

void AddGlobalFlags(CLI::App& app, GlobalFlags& flags, bool asks_one_thing) {
  const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (CLI::App* sub : subcommands) {
    const std::string name = sub->get_name();
    AddGlobalFlags(*sub, flags,
                   name == "clients" || name == "imports" || name == "health" || asks_one_thing);
  }
  app.set_help_flag("-h,--help", "Explain the command")->group("Messages");
  flags.AddTo(app);
  if (app.get_parent() == nullptr || (asks_one_thing && subcommands.empty())) {
    flags.AddTimeoutTo(app);
  }
}

int EndParsing(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = NamedCommand(app);
  if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) {
    std::fputs(HelpText(command, LineColumns(stdout)).c_str(), stdout);
    return StdoutEnd().value_or(kExitAccepted);
  }
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
    std::printf("%s\n", error.what());
    return StdoutEnd().value_or(kExitAccepted);
  }
  // `provision` or `provision clients`, and nothing else.
  const bool named_in_part = !command.get_subcommands(nullptr).empty();
  if (named_in_part && app.remaining(true).empty() &&
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    std::fputs(ShortHelpText(command, LineColumns(stderr)).c_str(), stderr);
    return kExitUsage;
  }
  return Fail(kExitUsage, UsageErrorText(app, error));
}

int Main(int argc, char** argv) {
  CLI::App app("Imports people from a spreadsheet as clients of an organization", "provision");
  app.set_version_flag("--version", std::string("provision ") + PROVISIONING_VERSION)
      ->group("Messages");
  app.require_subcommand(1);
  Command chosen;
  GlobalFlags flags;
  AddCommands(app, chosen);
  AddGlobalFlags(app, flags, false);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return EndParsing(app, error);
  }
  if (absl::Status status = flags.Apply(); !status.ok()) return Fail(status);
  return chosen();
}

}  // namespace
}  // namespace provisioning

int main(int argc, char** argv) {
  // What gRPC would print of a lost connection, the commands say in words.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  // Who reads no further ends the printing, not the program.
  signal(SIGPIPE, SIG_IGN);
  return provisioning::Main(argc, argv);
}
