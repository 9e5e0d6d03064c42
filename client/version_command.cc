// SPDX-License-Identifier: Apache-2.0
#include "client/version_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace provisioning {

void AddVersionCommand(CLI::App& app, int&) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([] { std::printf("provision %s\n", PROVISIONING_VERSION); });
}

}  // namespace provisioning
