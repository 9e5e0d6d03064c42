// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace provisioning {

// A terminal without a screen, of a given size: what is printed on it can be
// read. For no more than 4,096 bytes at a time, since nobody reads meanwhile.
class PseudoTerminal {
 public:
  PseudoTerminal(int columns, int lines);
  ~PseudoTerminal();

  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  // To print on; until ReadLines.
  std::FILE* stream() const { return stream_; }
  void Resize(int columns, int lines);
  // All that was printed, once.
  std::vector<std::string> ReadLines();

 private:
  int keyboard_ = -1;  // The side of the person.
  std::FILE* stream_ = nullptr;
};

// Opens a terminal of that size; aborts where there is none to be had. Both ends
// are closed by whoever calls.
struct TerminalEnds {
  int person = -1;
  int program = -1;
};
TerminalEnds OpenTerminal(int columns, int lines);
void ResizeTerminal(int descriptor, int columns, int lines);

}  // namespace provisioning
