// SPDX-License-Identifier: Apache-2.0
// The commands and flags as help, completion and man page show them.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace provisioning {

struct FlagInfo {
  std::vector<std::string> names;    // "-q", "--quiet"; of an argument "FILE".
  std::string value;                 // "TIME"; empty: it takes none.
  std::vector<std::string> choices;  // The values that it may have; empty: any.
  std::string description;
  std::string default_value;
  std::string environment;  // The variable that says the same.
  std::string group;
  bool argument = false;  // It stands without a name.
  bool required = false;

  // The value is the name of a file.
  bool takes_file() const { return value == "FILE" || value == "[FILE]"; }
  // What stands behind the name: "report|update|reissue", "TIME", or nothing.
  std::string ValueText() const;
};

struct CommandInfo {
  const CLI::App* app = nullptr;
  std::vector<std::string> path;  // "clients", "list"; empty: `provision` itself.
  std::string description;
  std::vector<FlagInfo> flags;
  std::vector<std::string> subcommands;

  // "clients list".
  std::string name() const;
  // "provision clients list".
  std::string full_name() const;
};

// One command, of the tree that `root` is the top of.
CommandInfo InfoOf(const CLI::App& app);
// It and all below it, in the order in which they were added.
std::vector<CommandInfo> AllCommands(const CLI::App& root);

}  // namespace provisioning
