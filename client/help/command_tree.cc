// SPDX-License-Identifier: Apache-2.0
#include "client/help/command_tree.h"

#include <CLI/CLI.hpp>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace provisioning {
namespace {

// A type's name is followed by what its validators say of themselves:
// "TEXT:{report,update,reissue}".
void ReadType(const std::string& type, FlagInfo& flag) {
  flag.value = type.substr(0, type.find(":{"));
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return;
  flag.choices = absl::StrSplit(type.substr(begin + 1, end - begin - 1), ',');
}

FlagInfo InfoOfFlag(const CLI::Option& option) {
  FlagInfo flag;
  flag.argument = option.get_positional();
  if (flag.argument) {
    flag.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) ReadType(option.get_type_name(), flag);
  if (flag.argument && flag.value == "TEXT") flag.value = flag.names.front();
  flag.description = option.get_description();
  flag.default_value = option.get_default_str();
  flag.environment = option.get_envname();
  flag.group = option.get_group();
  flag.required = option.get_required();
  return flag;
}

void AddCommands(const CLI::App& app, std::vector<CommandInfo>& commands) {
  commands.push_back(InfoOf(app));
  for (const CLI::App* sub : app.get_subcommands(nullptr)) AddCommands(*sub, commands);
}

}  // namespace

std::string FlagInfo::ValueText() const {
  return choices.empty() ? value : absl::StrJoin(choices, "|");
}

std::string CommandInfo::name() const { return absl::StrJoin(path, " "); }

std::string CommandInfo::full_name() const {
  return path.empty() ? "provision" : "provision " + name();
}

CommandInfo InfoOf(const CLI::App& app) {
  CommandInfo info;
  info.app = &app;
  for (const CLI::App* at = &app; at->get_parent() != nullptr; at = at->get_parent()) {
    info.path.insert(info.path.begin(), at->get_name());
  }
  info.description = app.get_description();
  for (const CLI::Option* option : app.get_options()) info.flags.push_back(InfoOfFlag(*option));
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    info.subcommands.push_back(sub->get_name());
  }
  return info;
}

std::vector<CommandInfo> AllCommands(const CLI::App& root) {
  std::vector<CommandInfo> commands;
  AddCommands(root, commands);
  return commands;
}

}  // namespace provisioning
