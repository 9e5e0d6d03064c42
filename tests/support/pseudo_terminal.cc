// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pseudo_terminal.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace provisioning {

TerminalEnds OpenTerminal(int columns, int lines) {
  TerminalEnds ends;
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(lines);
  if (openpty(&ends.person, &ends.program, nullptr, nullptr, &size) != 0) {
    std::perror("openpty");
    std::abort();
  }
  fcntl(ends.person, F_SETFD, FD_CLOEXEC);
  fcntl(ends.program, F_SETFD, FD_CLOEXEC);
  return ends;
}

void ResizeTerminal(int descriptor, int columns, int lines) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(lines);
  ioctl(descriptor, TIOCSWINSZ, &size);
}

PseudoTerminal::PseudoTerminal(int columns, int lines) {
  const TerminalEnds ends = OpenTerminal(columns, lines);
  keyboard_ = ends.person;
  stream_ = fdopen(ends.program, "w");
}

PseudoTerminal::~PseudoTerminal() {
  if (stream_ != nullptr) std::fclose(stream_);
  close(keyboard_);
}

void PseudoTerminal::Resize(int columns, int lines) { ResizeTerminal(keyboard_, columns, lines); }

std::vector<std::string> PseudoTerminal::ReadLines() {
  std::fclose(stream_);
  stream_ = nullptr;
  std::stringstream text;
  char bytes[4096];
  // It ends with an error, once nobody can print any more.
  for (ssize_t count; (count = read(keyboard_, bytes, sizeof(bytes))) > 0;) {
    text.write(bytes, count);
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

}  // namespace provisioning
