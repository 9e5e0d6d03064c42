// SPDX-License-Identifier: Apache-2.0
#include "client/passwords/password_prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>

#include "client/terminal/text_columns.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::array signals_caught = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
// What a terminal takes as one line.
constexpr std::size_t line_bytes_max = 4096;

// Signals come to any thread, so that they do not end a read of this one: they
// are handed over as bytes of a pipe. -1: no prompt lives.
int signal_pipe[2] = {-1, -1};
struct sigaction actions_before[signals_caught.size()];

void OnSignal(int signal) {
  const int error = errno;
  const auto byte = static_cast<unsigned char>(signal);
  // A full pipe has enough of them.
  (void)!write(signal_pipe[1], &byte, 1);
  errno = error;
}

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < signals_caught.size(); ++i) {
    sigaction(signals_caught[i], nullptr, &actions_before[i]);
    if (actions_before[i].sa_handler != SIG_IGN) sigaction(signals_caught[i], &action, nullptr);
  }
}

void ReleaseSignals() {
  for (std::size_t i = 0; i < signals_caught.size(); ++i) {
    sigaction(signals_caught[i], &actions_before[i], nullptr);
  }
}

// Waits for something to be typed. The signal that came instead; nothing: none.
std::optional<int> WaitForTyping() {
  pollfd descriptors[] = {{STDIN_FILENO, POLLIN, 0}, {signal_pipe[0], POLLIN, 0}};
  while (poll(descriptors, 2, -1) < 0 && errno == EINTR) {
  }
  unsigned char signal = 0;
  if ((descriptors[1].revents & POLLIN) != 0 && read(signal_pipe[0], &signal, 1) == 1) {
    return signal;
  }
  return std::nullopt;
}

// Wiped when it goes.
struct Line {
  std::array<char, line_bytes_max> bytes;
  std::size_t size = 0;
  bool ended = false;

  ~Line() { explicit_bzero(bytes.data(), bytes.size()); }
  std::string_view text() const { return {bytes.data(), size}; }

  void ReadOn() {
    const ssize_t count = read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    size += count > 0 ? static_cast<std::size_t>(count) : 0;
    ended = count <= 0 || size == bytes.size() || text().ends_with('\n');
    if (text().ends_with('\n')) --size;
  }
};

}  // namespace

PasswordPrompt::PasswordPrompt() {
  (void)!pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK);
  CatchSignals();
  HideTyping();
}

PasswordPrompt::~PasswordPrompt() {
  ShowTyping();
  ReleaseSignals();
  for (int& descriptor : signal_pipe) {
    close(descriptor);
    descriptor = -1;
  }
}

void PasswordPrompt::HideTyping() {
  if (tcgetattr(STDIN_FILENO, &as_it_was_) != 0) return;
  termios hidden = as_it_was_;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  // What was typed before it could be hidden was meant for something else.
  hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

void PasswordPrompt::ShowTyping() {
  if (hidden_) tcsetattr(STDIN_FILENO, TCSADRAIN, &as_it_was_);
  hidden_ = false;
}

void PasswordPrompt::Suspend() {
  ShowTyping();
  ReleaseSignals();
  std::fputs("\n", stderr);
  raise(SIGTSTP);
  CatchSignals();
  HideTyping();
}

absl::StatusOr<SecretString> PasswordPrompt::Ask(std::string_view question) {
  const std::string shown = TerminalLine(question) + ": ";
  std::fputs(shown.c_str(), stderr);
  Line line;
  while (!line.ended) {
    const std::optional<int> signal = WaitForTyping();
    if (!signal) {
      line.ReadOn();
      continue;
    }
    if (*signal != SIGTSTP) {
      std::fputs("\n", stderr);
      return absl::CancelledError("Stopped. Nothing was sent.");
    }
    Suspend();
    std::fputs(shown.c_str(), stderr);
  }
  std::fputs("\n", stderr);
  if (line.size == 0) return absl::FailedPreconditionError("no password was typed");
  if (!IsUtf8(line.text())) {
    return absl::FailedPreconditionError(
        "what was typed is not in UTF-8: does the terminal use another encoding?");
  }
  return SecretString(line.text());
}

}  // namespace provisioning
