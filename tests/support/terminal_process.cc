// SPDX-License-Identifier: Apache-2.0
#include "tests/support/terminal_process.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "tests/support/argument_pointers.h"
#include "tests/support/process_end.h"
#include "tests/support/pseudo_terminal.h"

namespace provisioning {
namespace {

std::vector<std::string> WithPathAndHome(std::vector<std::string> environment) {
  for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* value = getenv(name);
    if (value != nullptr) environment.push_back(std::string(name) + "=" + value);
  }
  return environment;
}

}  // namespace

TerminalProcess::TerminalProcess(const std::vector<std::string>& command,
                                 const std::vector<std::string>& environment, int columns,
                                 int lines) {
  const TerminalEnds ends = OpenTerminal(columns, lines);
  person_ = ends.person;
  // All that the child needs is made before the fork.
  std::vector<std::string> words = command;
  std::vector<std::string> variables = WithPathAndHome(environment);
  const std::vector<char*> arguments = ArgumentPointers(words);
  const std::vector<char*> environ_pointers = ArgumentPointers(variables);
  id_ = fork();
  if (id_ == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    setsid();
    ioctl(ends.program, TIOCSCTTY, 0);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      dup2(ends.program, descriptor);
    }
    execvpe(arguments[0], arguments.data(), environ_pointers.data());
    _exit(127);
  }
  close(ends.program);
  reader_ = std::thread([this] { Read(); });
}

TerminalProcess::~TerminalProcess() {
  if (!exit_code_) kill(id_, SIGKILL);
  (void)Wait(absl::InfiniteDuration());
  reader_.join();
  close(person_);
}

void TerminalProcess::Read() {
  char bytes[4096];
  ssize_t count = 0;
  while ((count = read(person_, bytes, sizeof(bytes))) > 0) {
    const std::lock_guard lock(mutex_);
    output_.append(bytes, static_cast<std::size_t>(count));
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

bool TerminalProcess::WaitFor(const std::string& text) {
  std::unique_lock lock(mutex_);
  const auto there = [&] { return output_.find(text, waited_) != std::string::npos; };
  changed_.wait_for(lock, std::chrono::minutes(2), [&] { return ended_ || there(); });
  if (!there()) return false;
  waited_ = output_.find(text, waited_) + text.size();
  return true;
}

void TerminalProcess::Type(const std::string& keys) {
  (void)!write(person_, keys.data(), keys.size());
}

void TerminalProcess::Resize(int columns, int lines) { ResizeTerminal(person_, columns, lines); }

std::optional<int> TerminalProcess::Wait(absl::Duration timeout) {
  if (exit_code_) return exit_code_;
  exit_code_ = WaitForEnd(id_, timeout);
  return exit_code_;
}

std::string TerminalProcess::output() {
  std::unique_lock lock(mutex_);
  if (exit_code_) changed_.wait(lock, [this] { return ended_; });
  return output_;
}

std::vector<std::string> TerminalProcess::DrawnLines() {
  const std::string text = output();
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      while (i + 1 < text.size() && !isalpha(static_cast<unsigned char>(text[i + 1]))) ++i;
      ++i;
    } else if (text[i] == '\r' || text[i] == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  return lines;
}

}  // namespace provisioning
