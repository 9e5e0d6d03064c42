// SPDX-License-Identifier: Apache-2.0
#include "service/server/usage_error.h"

#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "service/signals/log_text.h"

namespace provisioning {

std::string UsageErrorLine(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App* command = &root;
  std::string name = "provisiond";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    absl::StrAppend(&name, " ", command->get_name());
  }
  return absl::StrCat(name, ": ", EscapeForLog(error.what()), "; see ", name, " --help");
}

}  // namespace provisioning
