// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <termios.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "service/model/secret_string.h"

namespace provisioning {

// Asks a person at the terminal for passwords, which are not shown while they
// are typed. The terminal is as it was when this goes, and when the program is
// stopped by Ctrl-C, Ctrl-\ or Ctrl-Z, or ended by SIGTERM or SIGHUP, meanwhile.
// One at a time; stdin and stderr are a terminal.
class PasswordPrompt {
 public:
  PasswordPrompt();
  ~PasswordPrompt();
  PasswordPrompt(const PasswordPrompt&) = delete;
  PasswordPrompt& operator=(const PasswordPrompt&) = delete;

  // Waits for a line. CANCELLED: somebody wants the program to end.
  // FAILED_PRECONDITION: nothing was typed, or what is no text.
  absl::StatusOr<SecretString> Ask(std::string_view question);

 private:
  void HideTyping();
  void ShowTyping();
  // Stops the program, as Ctrl-Z would have without this.
  void Suspend();

  termios as_it_was_{};
  bool hidden_ = false;
};

}  // namespace provisioning
