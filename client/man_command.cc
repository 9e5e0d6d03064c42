// SPDX-License-Identifier: Apache-2.0
#include "client/man_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "client/help/man_page.h"
#include "client/message.h"
#include "client/stdout_end.h"

namespace provisioning {

void AddManCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("man", "Print the manual page");
  command->callback([&app, &chosen] {
    chosen = [&app] {
      std::fputs(ManPage(app, PROVISIONING_VERSION).c_str(), stdout);
      return StdoutEnd().value_or(kExitAccepted);
    };
  });
}

}  // namespace provisioning
