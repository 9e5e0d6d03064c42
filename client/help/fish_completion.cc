// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/help/command_tree.h"
#include "client/help/completion.h"

namespace provisioning {
namespace {

std::string Quoted(const std::string& text) {
  return "'" + absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}) + "'";
}

std::string PathFunction(const std::vector<CommandInfo>& commands) {
  std::string text =
      "# Completes the command line of provision in fish.\n"
      "function __provision_at --description 'The command that the line has named is this one'\n"
      "    set -l path ''\n"
      "    for word in (commandline -opc)[2..-1]\n"
      "        switch \"$path $word\"\n";
  for (const CommandInfo& command : commands) {
    for (const std::string& sub : command.subcommands) {
      const std::string path = command.path.empty() ? sub : command.name() + " " + sub;
      text += "            case " + Quoted(command.name() + " " + sub) + "\n" +
              "                set path " + Quoted(path) + "\n";
    }
  }
  return text + "        end\n    end\n    test \"$path\" = \"$argv\"\nend\n\n";
}

std::string ValueOf(const FlagInfo& flag) {
  if (!flag.choices.empty()) return " -x -a " + Quoted(absl::StrJoin(flag.choices, " "));
  return flag.takes_file() ? " -r -F" : " -x";
}

std::string FlagLine(const FlagInfo& flag) {
  std::string text;
  if (flag.argument) {
    if (flag.choices.empty() && !flag.takes_file()) return "";
    text = flag.choices.empty() ? " -F" : " -a " + Quoted(absl::StrJoin(flag.choices, " "));
    return text + " -d " + Quoted(flag.description);
  }
  for (const std::string& name : flag.names) {
    const bool is_long = name.starts_with("--");
    text += is_long ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text + (flag.value.empty() ? "" : ValueOf(flag)) + " -d " + Quoted(flag.description);
}

}  // namespace

std::string FishCompletion(const CLI::App& root) {
  const std::vector<CommandInfo> commands = AllCommands(root);
  std::string text = PathFunction(commands) + "complete -c provision -f\n";
  for (const CommandInfo& command : commands) {
    const std::string at =
        "complete -c provision -n " +
        Quoted("__provision_at " + (command.path.empty() ? "''" : command.name()));
    for (const FlagInfo& flag : command.flags) {
      if (const std::string line = FlagLine(flag); !line.empty()) text += at + line + "\n";
    }
    for (const CommandInfo& sub : commands) {
      const bool below = sub.path.size() == command.path.size() + 1 &&
                         std::equal(command.path.begin(), command.path.end(), sub.path.begin());
      if (below) text += at + " -a " + sub.path.back() + " -d " + Quoted(sub.description) + "\n";
    }
  }
  return text;
}

}  // namespace provisioning
