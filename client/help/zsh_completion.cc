// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/help/command_tree.h"
#include "client/help/completion.h"

namespace provisioning {
namespace {

// Inside '...', where _arguments and _describe read a text with colons.
std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"'", "'\\''"}, {"\\", "\\\\"}, {":", "\\:"}, {"[", "\\["}, {"]", "\\]"}});
}

std::string FunctionName(const CommandInfo& command) {
  return "_provision" + (command.path.empty() ? "" : "_" + absl::StrJoin(command.path, "_"));
}

std::string ValueOf(const FlagInfo& flag) {
  const std::string name = Escaped(flag.value);
  if (!flag.choices.empty()) return ":" + name + ":(" + absl::StrJoin(flag.choices, " ") + ")";
  return ":" + name + (flag.takes_file() ? ":_files" : ": ");
}

std::string Spec(const FlagInfo& flag) {
  if (flag.argument) return "    '" + std::string(flag.required ? "" : ":") + ValueOf(flag) + "'";
  const std::string about =
      "[" + Escaped(flag.description) + "]" + (flag.value.empty() ? "" : ValueOf(flag));
  if (flag.names.size() == 1) return "    '" + flag.names.front() + about + "'";
  return "    '(" + absl::StrJoin(flag.names, " ") + ")'{" + absl::StrJoin(flag.names, ",") + "}'" +
         about + "'";
}

// A command that is followed by the name of one below it.
std::string BranchFunction(const CommandInfo& command, const std::vector<CommandInfo>& all) {
  std::string specs;
  for (const FlagInfo& flag : command.flags) specs += Spec(flag) + " \\\n";
  std::string names;
  std::string cases;
  for (const CommandInfo& sub : all) {
    const bool below = sub.path.size() == command.path.size() + 1 &&
                       std::equal(command.path.begin(), command.path.end(), sub.path.begin());
    if (!below) continue;
    names += "    '" + sub.path.back() + ":" + Escaped(sub.description) + "'\n";
    cases += "        " + sub.path.back() + ") " + FunctionName(sub) + " ;;\n";
  }
  return FunctionName(command) +
         "() {\n  local curcontext=\"$curcontext\" state line\n  local -a commands\n  "
         "commands=(\n" +
         names + "  )\n  _arguments -C \\\n" + specs +
         "    '1: :->command' \\\n    '*:: :->rest'\n  case $state in\n"
         "    command) _describe 'command' commands ;;\n    rest)\n      case $line[1] in\n" +
         cases + "      esac ;;\n  esac\n}\n\n";
}

std::string LeafFunction(const CommandInfo& command) {
  std::string specs;
  for (const FlagInfo& flag : command.flags) specs += " \\\n" + Spec(flag);
  return FunctionName(command) + "() {\n  _arguments" + specs + "\n}\n\n";
}

}  // namespace

std::string ZshCompletion(const CLI::App& root) {
  const std::vector<CommandInfo> commands = AllCommands(root);
  std::string text = "#compdef provision\n# Completes the command line of provision in zsh.\n\n";
  for (const CommandInfo& command : commands) {
    text += command.subcommands.empty() ? LeafFunction(command) : BranchFunction(command, commands);
  }
  // As a file of $fpath it is called to complete; otherwise it is sourced.
  return text +
         "if [[ ${funcstack[1]} == _provision ]]; then\n  _provision \"$@\"\nelse\n"
         "  compdef _provision provision\nfi\n";
}

}  // namespace provisioning
