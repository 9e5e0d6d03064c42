// SPDX-License-Identifier: Apache-2.0
#include "client/version_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "client/message.h"
#include "client/stdout_end.h"

namespace provisioning {

void AddVersionCommand(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([&chosen] {
    chosen = [] {
      std::printf("provision %s\n", PROVISIONING_VERSION);
      return StdoutEnd().value_or(kExitAccepted);
    };
  });
}

}  // namespace provisioning
