// SPDX-License-Identifier: Apache-2.0
#include "client/help/man_page.h"

#include <set>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/help/command_tree.h"
#include "client/help/command_words.h"

namespace provisioning {
namespace {

// Text that roff takes literally. A line must not begin with a dot or a quote.
std::string Roff(std::string_view text) {
  std::string roff =
      absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"\\", "\\e"},
                                                                        {"-", "\\-"},
                                                                        {"'", "\\(aq"},
                                                                        {"^", "\\(ha"},
                                                                        {"~", "\\(ti"},
                                                                        {"`", "\\(ga"}});
  if (roff.starts_with('.')) roff.insert(0, "\\&");
  return roff;
}

std::string Bold(std::string_view text) { return "\\fB" + Roff(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Roff(text) + "\\fR"; }

std::string Paragraphs(std::string_view text) {
  std::string roff;
  for (absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    if (!line.empty()) roff += ".PP\n" + Roff(std::string(line)) + "\n";
  }
  return roff;
}

std::string FlagEntry(const FlagInfo& flag) {
  std::vector<std::string> names;
  for (const std::string& name : flag.names)
    names.push_back(flag.argument ? Italic(name) : Bold(name));
  std::string text = ".TP\n" + absl::StrJoin(names, ", ");
  if (!flag.argument && !flag.value.empty()) text += " " + Italic(flag.ValueText());
  text += "\n" + Roff(flag.description) + ".";
  if (flag.required && !flag.argument) text += " Required.";
  if (flag.argument && !flag.choices.empty()) {
    text += " One of " + Roff(absl::StrJoin(flag.choices, ", ")) + ".";
  }
  if (!flag.default_value.empty()) text += " Default: " + Roff(flag.default_value) + ".";
  if (!flag.environment.empty()) text += " Environment: " + Bold(flag.environment) + ".";
  return text + "\n";
}

std::string Synopsis(const CommandInfo& command) {
  std::string text = ".B " + Roff(command.full_name()) + "\n[" + Italic("OPTIONS") + "]";
  for (const FlagInfo& flag : command.flags) {
    if (flag.argument) {
      text += flag.required ? " " + Italic(flag.names.front())
                            : " [" + Italic(flag.names.front()) + "]";
    } else if (flag.required) {
      text += " " + Bold(flag.names.back()) + " " + Italic(flag.ValueText());
    }
  }
  return text + "\n";
}

std::string CommandSection(const CommandInfo& command, const std::set<std::string>& everywhere) {
  std::string text = ".SS " + Roff(command.full_name()) + "\n" + Synopsis(command) + ".PP\n" +
                     Roff(command.description) + ".\n";
  text += Paragraphs(WordsOf(command.name()).about);
  for (const FlagInfo& flag : command.flags) {
    if (!everywhere.contains(flag.names.back())) text += FlagEntry(flag);
  }
  return text;
}

std::string Environment(const std::vector<CommandInfo>& commands) {
  std::string text = ".SH ENVIRONMENT\nFlags come first, then the environment, then the default.\n";
  std::set<std::string> told;
  for (const CommandInfo& command : commands) {
    for (const FlagInfo& flag : command.flags) {
      if (flag.environment.empty() || !told.insert(flag.environment).second) continue;
      text += ".TP\n" + Bold(flag.environment) + "\nAs " + Bold(flag.names.back()) + ".\n";
    }
  }
  return text + ".TP\n" + Bold("NO_COLOR") + "\nIf it is set and not empty, no colours are used.\n";
}

std::string ExitStatus() {
  std::string text = ".SH EXIT STATUS\n";
  for (const ExitCodeWords& words : AllExitCodes()) {
    text += ".TP\n" + Bold(std::to_string(words.exit_code)) + "\n" + Roff(words.meaning) + "\n";
  }
  return text;
}

std::string Examples() {
  std::string text = ".SH EXAMPLES\n";
  for (const CommandWords& words : AllCommandWords()) {
    // Those of `provision` itself stand at their commands again.
    if (words.name.empty()) continue;
    for (const CommandExample& example : words.examples) {
      if (!example.what.empty()) text += ".PP\n" + Roff(example.what) + ":\n";
      text += ".PP\n.RS 4\n.nf\n" + Roff(example.command) + "\n.fi\n.RE\n";
    }
  }
  return text;
}

}  // namespace

std::string ManPage(const CLI::App& root, std::string_view version) {
  const std::vector<CommandInfo> commands = AllCommands(root);
  const CommandInfo& top = commands.front();
  std::string text = ".TH PROVISION 1 \"\" \"provision " + Roff(version) + "\" \"User Commands\"\n";
  // Commands and file names are longer than a line; and words are not to be cut.
  text += ".nh\n.ad l\n.SH NAME\nprovision \\- import people from a spreadsheet as clients\n";
  text += ".SH SYNOPSIS\n.B provision\n" + Italic("COMMAND") + " [" + Italic("OPTIONS") + "]\n";
  text += ".SH DESCRIPTION\n" + Roff(top.description) + ".\n" + Paragraphs(WordsOf("").about);
  std::set<std::string> everywhere;
  std::string shared;
  for (const FlagInfo& flag : top.flags) {
    everywhere.insert(flag.names.back());
    shared += FlagEntry(flag);
  }
  text += ".SH COMMANDS\n";
  for (const CommandInfo& command : commands) {
    if (command.subcommands.empty()) text += CommandSection(command, everywhere);
  }
  return text + ".SH OPTIONS OF EVERY COMMAND\n" + shared + Environment(commands) + ExitStatus() +
         Examples();
}

}  // namespace provisioning
