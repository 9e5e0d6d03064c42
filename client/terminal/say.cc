// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/say.h"

#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iostream>

#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"
#include "client/terminal/word_wrap.h"

namespace provisioning {
namespace {

struct Manners {
  std::atomic<Talk> talk{Talk::kNormal};
  std::atomic<bool> no_input{false};
};

Manners& OfProcess() {
  static Manners manners;
  return manners;
}

// `room` is left free at the end of a line.
std::string Laid(std::string_view text, std::size_t room = 0) {
  return WrapWords(TerminalText(text), LineColumns(stderr) - room);
}

}  // namespace

void SetTalk(Talk talk) { OfProcess().talk = talk; }
Talk CurrentTalk() { return OfProcess().talk; }

void Say(std::string_view text) {
  if (CurrentTalk() != Talk::kQuiet) SayAnyway(text);
}

void SayHeading(std::string_view text) {
  if (CurrentTalk() == Talk::kQuiet) return;
  std::fprintf(stderr, "%s\n", Colored(Color::kBold, Laid(text), stderr).c_str());
}

void SayEntry(std::string_view text, std::string_view mark) {
  if (CurrentTalk() == Talk::kQuiet) return;
  const std::string safe = TerminalText(std::string(mark) + std::string(text));
  const std::size_t end = std::min(safe.find('\n'), safe.size());
  // What follows the first line is laid out already.
  std::fprintf(stderr, "%s%s\n",
               WrapLine(safe.substr(0, end), LineColumns(stderr), mark.size()).c_str(),
               safe.c_str() + end);
}

void SayDetail(std::string_view text) {
  if (CurrentTalk() == Talk::kVerbose) SayAnyway(text);
}

void SayAnyway(std::string_view text) { std::fprintf(stderr, "%s\n", Laid(text).c_str()); }

void SayError(std::string_view text) {
  constexpr std::string_view name = "provision:";
  const std::string laid = Laid(std::string(name) + " " + std::string(text));
  std::fprintf(stderr, "%s%s\n", Colored(Color::kRed, name, stderr).c_str(),
               laid.c_str() + name.size());
  if (CurrentTalk() == Talk::kQuiet) SetTalk(Talk::kNormal);
}

void SetNoInput(bool no_input) { OfProcess().no_input = no_input; }
bool NoInput() { return OfProcess().no_input; }

bool PersonIsThere() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

bool Ask(std::string_view question) {
  std::fprintf(stderr, "%s ", Laid(std::string(question) + " [y/N]", 4).c_str());
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    std::fputs("\n", stderr);
    return false;
  }
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

}  // namespace provisioning
