// SPDX-License-Identifier: Apache-2.0
#include "client/session/interrupt.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <utility>

namespace provisioning {
namespace {

constexpr int interrupted_exit_code = 130;

Interrupt& ProcessInterrupt() {
  static Interrupt interrupt;
  return interrupt;
}

// Of the QuitAtOnce and of the LastWords that live; null: none does.
std::atomic<const char*> quit_words = nullptr;
std::atomic<const char*> last_words_of_second = nullptr;

[[noreturn]] void Quit(const char* last_words) {
  if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0) _exit(interrupted_exit_code);
  _exit(interrupted_exit_code);
}

void OnSignal(int) {
  if (const char* words = quit_words) Quit(words);
  if (ProcessInterrupt().requested()) {
    const char* words = last_words_of_second;
    Quit(words != nullptr ? words : "\n");
  }
  ProcessInterrupt().Request();
}

}  // namespace

Interrupt& InstallInterruptHandlers() {
  Interrupt& interrupt = ProcessInterrupt();
  struct sigaction action {};
  action.sa_handler = OnSignal;
  // A write that waits for a slow reader goes on: what it writes is in hand.
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    // nohup, and a shell that runs it in the background, want it ignored.
    const bool ignored = sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (!ignored) sigaction(signal, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  for (const int signal : {SIGPIPE, SIGXFSZ}) sigaction(signal, &action, nullptr);
  return interrupt;
}

QuitAtOnce::QuitAtOnce(const char* last_words) {
  quit_words = last_words;
  // A signal may have come just before.
  if (ProcessInterrupt().requested()) Quit(last_words);
}

QuitAtOnce::~QuitAtOnce() { quit_words = nullptr; }

LastWords::LastWords(std::string words) : words_(std::move(words)) {
  last_words_of_second = words_.c_str();
}

LastWords::~LastWords() { last_words_of_second = nullptr; }

}  // namespace provisioning
