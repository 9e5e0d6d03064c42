// SPDX-License-Identifier: Apache-2.0
// What is said of a command beside its flags, in help and man page alike.
#pragma once

#include <span>
#include <string_view>

namespace provisioning {

// A command line that works as it stands, given a server and the files of
// tests/e2e/example_test.cc, which runs every one of them.
struct CommandExample {
  std::string_view command;  // For a shell.
  std::string_view what;
  int exit_code;
};

struct CommandWords {
  std::string_view name;   // "clients list"; empty: `provision` itself.
  std::string_view about;  // Paragraphs, each a line.
  std::span<const CommandExample> examples;
};

// Nothing is said of it: empty words.
CommandWords WordsOf(std::string_view name);
std::span<const CommandWords> AllCommandWords();

struct ExitCodeWords {
  int exit_code;
  std::string_view meaning;
};
std::span<const ExitCodeWords> AllExitCodes();

}  // namespace provisioning
