// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>

#include "client/terminal/word_wrap.h"

namespace provisioning {
namespace {

constexpr std::size_t usual_columns = 80;
// A window so narrow is a mistake of whoever reports it.
constexpr std::size_t columns_min = 20;

std::atomic<ColorChoice>& Choice() {
  static std::atomic<ColorChoice> choice{ColorChoice::kAuto};
  return choice;
}

bool IsDumb() {
  const char* terminal = getenv("TERM");
  return terminal == nullptr || *terminal == '\0' || std::string_view(terminal) == "dumb";
}

bool ShowsColors(std::FILE* out) {
  const ColorChoice choice = Choice();
  if (choice != ColorChoice::kAuto) return choice == ColorChoice::kAlways;
  const char* no_color = getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && CanDrawBar(out);
}

const char* CodeOf(Color color) {
  switch (color) {
    case Color::kBold:
      return "1";
    case Color::kRed:
      return "31";
    case Color::kGreen:
      return "32";
    case Color::kYellow:
      return "33";
  }
  return "0";
}

}  // namespace

bool IsTerminal(std::FILE* out) { return isatty(fileno(out)) == 1; }

std::size_t LineColumns(std::FILE* out) {
  if (!IsTerminal(out)) return unlimited_columns;
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col < columns_min) {
    return usual_columns;
  }
  return size.ws_col;
}

bool CanDrawBar(std::FILE* out) { return IsTerminal(out) && !IsDumb(); }

void ChooseColors(ColorChoice choice) { Choice() = choice; }

std::string Colored(Color color, std::string_view text, std::FILE* out) {
  if (text.empty() || !ShowsColors(out)) return std::string(text);
  return std::string("\033[") + CodeOf(color) + "m" + std::string(text) + "\033[0m";
}

}  // namespace provisioning
