// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_join.h"
#include "client/help/command_tree.h"
#include "client/help/completion.h"

namespace provisioning {
namespace {

constexpr char begin[] = R"(# Completes the command line of provision in bash.
_provision_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_provision_words() {
  mapfile -t COMPREPLY < <(compgen -W "$2" -- "$1")
}

_provision() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path= i
  COMPREPLY=()
  # bash takes --flag=value for three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${COMP_WORDS[i]}" in
)";

// The words that lead from a command to those below it.
std::string PathCases(const std::vector<CommandInfo>& commands) {
  std::string text;
  for (const CommandInfo& command : commands) {
    for (const std::string& sub : command.subcommands) {
      const std::string path = command.path.empty() ? sub : command.name() + " " + sub;
      text += "      '" + command.name() + " " + sub + "') path='" + path + "' ;;\n";
    }
  }
  return text;
}

std::string FlagCases(const CommandInfo& command) {
  std::string text;
  for (const FlagInfo& flag : command.flags) {
    if (flag.argument || flag.value.empty()) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : flag.names) {
      patterns.push_back("'" + command.name() + " " + name + "'");
    }
    std::string action = ":";
    if (!flag.choices.empty()) {
      action = "_provision_words \"$cur\" '" + absl::StrJoin(flag.choices, " ") + "'";
    } else if (flag.takes_file()) {
      action = "_provision_files \"$cur\"";
    }
    text += "    " + absl::StrJoin(patterns, " | ") + ")\n      " + action + "\n      return ;;\n";
  }
  return text;
}

// What may stand where no flag's value is due.
std::string WordCases(const CommandInfo& command) {
  std::string flags;
  std::string words = absl::StrJoin(command.subcommands, " ");
  bool file = false;
  for (const FlagInfo& flag : command.flags) {
    if (!flag.argument) {
      flags += (flags.empty() ? "" : " ") + absl::StrJoin(flag.names, " ");
      continue;
    }
    file = file || flag.takes_file();
    if (!flag.choices.empty()) words = absl::StrJoin(flag.choices, " ");
  }
  std::string text =
      "    '" + command.name() + " -'*) _provision_words \"$cur\" '" + flags + "' ;;\n";
  if (file) {
    text += "    '" + command.name() + " '*) _provision_files \"$cur\" ;;\n";
  } else if (!words.empty()) {
    text += "    '" + command.name() + " '*) _provision_words \"$cur\" '" + words + "' ;;\n";
  }
  return text;
}

}  // namespace

std::string BashCompletion(const CLI::App& root) {
  const std::vector<CommandInfo> commands = AllCommands(root);
  std::string text = begin + PathCases(commands);
  text += "    esac\n  done\n  case \"$path $prev\" in\n";
  for (const CommandInfo& command : commands) text += FlagCases(command);
  text += "  esac\n  case \"$path $cur\" in\n";
  for (auto command = commands.rbegin(); command != commands.rend(); ++command) {
    text += WordCases(*command);
  }
  return text + "  esac\n}\n\ncomplete -F _provision provision\n";
}

}  // namespace provisioning
