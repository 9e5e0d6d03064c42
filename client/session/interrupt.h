// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>

namespace provisioning {

// Whether somebody wants the program to stop. Any thread, and signal handlers.
class Interrupt {
 public:
  void Request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_ = false;
};

// From now on the first SIGINT, SIGTERM or SIGHUP requests the interrupt that is
// returned, and the second one ends the process with status 130. SIGPIPE and
// SIGXFSZ are ignored, so that a closed pipe and a file that may not grow are
// errors of the write.
Interrupt& InstallInterruptHandlers();

// While one of these lives, the first signal already ends the process, with
// status 130: where nothing is under way that should be waited for, and a read
// may block for as long as it likes. One at a time.
class QuitAtOnce {
 public:
  // `last_words`, which outlive this, go to stderr then.
  explicit QuitAtOnce(const char* last_words);
  ~QuitAtOnce();
  QuitAtOnce(const QuitAtOnce&) = delete;
  QuitAtOnce& operator=(const QuitAtOnce&) = delete;
};

// What goes to stderr when a second signal ends the process, while this lives.
// One at a time.
class LastWords {
 public:
  explicit LastWords(std::string words);
  ~LastWords();
  LastWords(const LastWords&) = delete;
  LastWords& operator=(const LastWords&) = delete;

 private:
  const std::string words_;
};

}  // namespace provisioning
