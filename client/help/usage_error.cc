// SPDX-License-Identifier: Apache-2.0
#include "client/help/usage_error.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "client/help/command_tree.h"

namespace provisioning {
namespace {

// How many letters have to be put in, left out, replaced or swapped with their
// neighbour to make one of the other.
std::size_t LettersWrong(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> wrong(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        wrong[i][j] = i + j;
        continue;
      }
      wrong[i][j] = std::min({wrong[i - 1][j] + 1, wrong[i][j - 1] + 1,
                              wrong[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) wrong[i][j] = std::min(wrong[i][j], wrong[i - 2][j - 2] + 1);
    }
  }
  return wrong[a.size()][b.size()];
}

std::vector<std::string> FlagNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const FlagInfo& flag : InfoOf(app).flags) {
    if (!flag.argument) names.insert(names.end(), flag.names.begin(), flag.names.end());
  }
  return names;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& words) {
  const std::string closest = ClosestWord(word, words);
  return closest.empty() ? "" : " Did you mean \"" + closest + "\"?";
}

// A word that nothing knows: a flag, a command, or one word too many.
std::string UnknownWord(const CLI::App& command, const std::string& word) {
  const CommandInfo info = InfoOf(command);
  if (word.size() > 1 && word.front() == '-') {
    const std::string name = word.substr(0, word.find('='));
    return "there is no flag \"" + name + "\" here." + DidYouMean(name, FlagNames(command));
  }
  if (!info.subcommands.empty()) {
    return "there is no command \"" + word + "\"." + DidYouMean(word, info.subcommands);
  }
  return "\"" + word + "\" is one word too many. A name with spaces in it needs quotes.";
}

// In place of CLI11's "--ttl: 1 required TIME missing" and the like.
std::string Plain(const CLI::App& command, const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::string flag = text.substr(0, text.find(':'));
  if (absl::EndsWith(text, " missing")) return flag + " needs a value behind it.";
  for (const FlagInfo& info : InfoOf(command).flags) {
    if (std::ranges::find(info.names, flag) == info.names.end() || info.choices.empty()) continue;
    const std::size_t begin = std::min(flag.size() + 2, text.size());
    const std::string value = text.substr(begin, text.find(" not in ") - begin);
    return flag + ": \"" + value + "\" is none of " + absl::StrJoin(info.choices, ", ") + "." +
           DidYouMean(value, info.choices);
  }
  return text + ".";
}

}  // namespace

std::string ClosestWord(std::string_view word, const std::vector<std::string>& words) {
  // A third of the letters wrong is another word.
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string closest;
  for (const std::string& candidate : words) {
    const std::size_t wrong = LettersWrong(word, candidate);
    if (wrong >= least) continue;
    least = wrong;
    closest = candidate;
  }
  return closest;
}

const CLI::App& NamedCommand(const CLI::App& root) {
  const CLI::App* command = &root;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  return *command;
}

std::string UsageErrorText(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App& command = NamedCommand(root);
  // What came before the value that ended the parsing is told first.
  const std::vector<std::string> unknown = root.remaining(true);
  const bool about_value =
      error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ValidationError);
  const std::string text = unknown.empty() || about_value ? Plain(command, error)
                                                          : UnknownWord(command, unknown.front());
  return text + "\nSee: " + InfoOf(command).full_name() + " --help";
}

}  // namespace provisioning
