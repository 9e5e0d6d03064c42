// SPDX-License-Identifier: Apache-2.0
#include "client/completion_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/help/completion.h"
#include "client/message.h"
#include "client/stdout_end.h"

namespace provisioning {
namespace {

int PrintCompletion(const CLI::App& root, const std::string& shell) {
  const std::string script = shell == "bash"  ? BashCompletion(root)
                             : shell == "zsh" ? ZshCompletion(root)
                                              : FishCompletion(root);
  std::fputs(script.c_str(), stdout);
  return StdoutEnd().value_or(kExitAccepted);
}

}  // namespace

void AddCompletionCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand(
      "completion", "Print the script by which a shell completes the command line");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "The shell")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  command->callback(
      [&app, &chosen, shell] { chosen = [&app, shell] { return PrintCompletion(app, *shell); }; });
}

}  // namespace provisioning
