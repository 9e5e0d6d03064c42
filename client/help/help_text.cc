// SPDX-License-Identifier: Apache-2.0
#include "client/help/help_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_join.h"
#include "client/help/command_tree.h"
#include "client/help/command_words.h"
#include "client/terminal/text_columns.h"
#include "client/terminal/word_wrap.h"

namespace provisioning {
namespace {

// Where descriptions begin.
constexpr std::size_t description_column = 26;
constexpr std::size_t usage_indent = 7;

std::string Entry(const std::string& term, const std::string& description, std::size_t columns) {
  std::string text = "  " + term;
  if (text.size() + 2 > description_column) {
    text += "\n" + std::string(description_column, ' ');
  } else {
    text.append(description_column - text.size(), ' ');
  }
  const std::size_t begin = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  return text.substr(0, begin) +
         WrapLine(text.substr(begin) + description, columns, description_column) + "\n";
}

std::string TermOf(const FlagInfo& flag) {
  if (flag.argument) return flag.names.front();
  // Long names stand under each other, with a short one or without.
  std::string term = flag.names.front().starts_with("--") ? "    " : "";
  term += absl::StrJoin(flag.names, ", ");
  return flag.value.empty() ? term : term + " " + flag.ValueText();
}

std::string DescriptionOf(const FlagInfo& flag) {
  std::string text = flag.description;
  if (flag.argument && !flag.choices.empty()) text += ": " + absl::StrJoin(flag.choices, ", ");
  if (flag.required && !flag.argument) text += " (required)";
  if (!flag.default_value.empty()) text += " [default: " + flag.default_value + "]";
  if (!flag.environment.empty()) text += " [" + flag.environment + "]";
  return text;
}

std::string Usage(const CommandInfo& info, std::size_t columns) {
  std::string text = "Usage: " + info.full_name();
  if (!info.subcommands.empty()) return text + " COMMAND\n";
  text += " [OPTIONS]";
  for (const FlagInfo& flag : info.flags) {
    if (!flag.argument && flag.required) text += " " + flag.names.back() + " " + flag.ValueText();
  }
  for (const FlagInfo& flag : info.flags) {
    if (!flag.argument) continue;
    text += flag.required ? " " + flag.names.front() : " [" + flag.names.front() + "]";
  }
  return WrapLine(text, columns, usage_indent) + "\n";
}

std::string Arguments(const CommandInfo& info, std::size_t columns) {
  std::string text;
  for (const FlagInfo& flag : info.flags) {
    if (flag.argument) text += Entry(TermOf(flag), DescriptionOf(flag), columns);
  }
  return text.empty() ? text : "\nArguments:\n" + text;
}

std::string Flags(const CommandInfo& info, std::size_t columns) {
  std::vector<std::string> groups;
  for (const FlagInfo& flag : info.flags) {
    if (!flag.argument && std::ranges::find(groups, flag.group) == groups.end()) {
      groups.push_back(flag.group);
    }
  }
  std::string text;
  for (const std::string& group : groups) {
    text += "\n" + group + ":\n";
    for (const FlagInfo& flag : info.flags) {
      if (flag.argument || flag.group != group) continue;
      text += Entry(TermOf(flag), DescriptionOf(flag), columns);
    }
  }
  return text;
}

std::string Commands(const CLI::App& app, std::size_t columns) {
  std::string text;
  for (const CommandInfo& command : AllCommands(app)) {
    if (command.app == &app || !command.subcommands.empty()) continue;
    text += Entry(command.name(), command.description, columns);
  }
  return text.empty() ? text : "\nCommands:\n" + text;
}

std::string Examples(const CommandWords& words, std::size_t columns) {
  std::string text;
  for (const CommandExample& example : words.examples) {
    if (!example.what.empty()) {
      text += WrapLine("  " + std::string(example.what) + ":", columns, 2) + "\n";
    }
    text += "    " + std::string(example.command) + "\n";
  }
  return text.empty() ? text : "\nExamples:\n" + text;
}

std::string ExitCodes(std::size_t columns) {
  std::string text = "\nExit codes:\n";
  for (const ExitCodeWords& words : AllExitCodes()) {
    const std::string code = std::to_string(words.exit_code);
    text += WrapLine("  " + code + std::string(5 - code.size(), ' ') + std::string(words.meaning),
                     columns, 7) +
            "\n";
  }
  return text;
}

}  // namespace

std::string HelpText(const CLI::App& app, std::size_t columns) {
  const CommandInfo info = InfoOf(app);
  const CommandWords words = WordsOf(info.name());
  std::string text = WrapWords(info.description + ".", columns) + "\n\n" + Usage(info, columns);
  if (!words.about.empty()) text += "\n" + WrapWords(words.about, columns) + "\n";
  return text + Commands(app, columns) + Arguments(info, columns) + Flags(info, columns) +
         Examples(words, columns) + ExitCodes(columns);
}

std::string FlagsText(const CLI::App& app, std::size_t columns) {
  return Flags(InfoOf(app), columns);
}

std::string ShortHelpText(const CLI::App& app, std::size_t columns) {
  const CommandInfo info = InfoOf(app);
  return WrapWords(info.description + ".", columns) + "\n\n" + Usage(info, columns) +
         Commands(app, columns) + "\n" + "See also: " + info.full_name() + " --help\n";
}

}  // namespace provisioning
