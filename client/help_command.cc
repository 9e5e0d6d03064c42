// SPDX-License-Identifier: Apache-2.0
#include "client/help_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "client/help/command_tree.h"
#include "client/help/help_text.h"
#include "client/help/usage_error.h"
#include "client/message.h"
#include "client/stdout_end.h"
#include "client/terminal/terminal.h"

namespace provisioning {
namespace {

int PrintHelpOf(const CLI::App& root, const std::vector<std::string>& words) {
  const CLI::App* command = &root;
  for (const std::string& word : words) {
    const CLI::App* next = nullptr;
    for (const CLI::App* sub : command->get_subcommands(nullptr)) {
      if (sub->get_name() == word) next = sub;
    }
    if (next == nullptr) {
      const std::string closest = ClosestWord(word, InfoOf(*command).subcommands);
      return Fail(kExitUsage, "there is no command \"" + word + "\"." +
                                  (closest.empty() ? "" : " Did you mean \"" + closest + "\"?") +
                                  "\nSee: provision --help");
    }
    command = next;
  }
  std::fputs(HelpText(*command, LineColumns(stdout)).c_str(), stdout);
  return StdoutEnd().value_or(kExitAccepted);
}

}  // namespace

void AddHelpCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("help", "Explain a command");
  const auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("COMMAND", *words, "The command; nothing: all of them");
  command->callback(
      [&app, &chosen, words] { chosen = [&app, words] { return PrintHelpOf(app, *words); }; });
}

}  // namespace provisioning
