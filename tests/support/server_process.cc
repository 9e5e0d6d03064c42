// SPDX-License-Identifier: Apache-2.0
#include "tests/support/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/argument_pointers.h"
#include "tests/support/process_end.h"
#include "tests/support/process_memory.h"
#include "tests/support/require.h"

namespace provisioning {
namespace {

constexpr char listening[] = "listening on ";

// Everything that the child needs is made before the fork: behind it only what
// is safe in a signal handler may be called.
pid_t Run(std::vector<std::string> command, std::vector<std::string> environment, int output) {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  const std::vector<char*> arguments = ArgumentPointers(command);
  const std::vector<char*> variables = ArgumentPointers(environment);
  const pid_t id = fork();
  Require(id >= 0, "fork");
  if (id > 0) return id;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execve(arguments[0], arguments.data(), variables.data());
  _exit(127);
}

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& command,
                             const std::vector<std::string>& environment) {
  int ends[2];
  Require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
  id_ = Run(command, environment, ends[1]);
  close(ends[1]);
  reader_ = std::thread([this, descriptor = ends[0]] { ReadLog(descriptor); });
}

ServerProcess::~ServerProcess() {
  Kill();
  reader_.join();
}

void ServerProcess::ReadLog(int descriptor) {
  char bytes[4096];
  ssize_t count = 0;
  while ((count = read(descriptor, bytes, sizeof(bytes))) > 0) {
    std::lock_guard lock(mutex_);
    log_.append(bytes, static_cast<std::size_t>(count));
    changed_.notify_all();
  }
  close(descriptor);
  std::lock_guard lock(mutex_);
  log_ended_ = true;
  changed_.notify_all();
}

std::string ServerProcess::WaitForAddress() {
  if (!WaitForLog(listening)) return "";
  std::unique_lock lock(mutex_);
  const std::size_t begin = log_.find(listening) + sizeof(listening) - 1;
  // A quote ends it in a line of JSON.
  const auto end = [&] { return log_.find_first_of("\n\"", begin); };
  changed_.wait(lock, [&] { return log_ended_ || end() != std::string::npos; });
  return log_.substr(begin, end() - begin);
}

bool ServerProcess::WaitForLog(const std::string& text) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return log_ended_ || log_.find(text) != std::string::npos; });
  return log_.find(text) != std::string::npos;
}

void ServerProcess::Signal(int number) {
  if (!exit_code_) kill(id_, number);
}

void ServerProcess::Kill() {
  Signal(SIGKILL);
  (void)Wait(absl::InfiniteDuration());
}

std::optional<int> ServerProcess::Terminate(absl::Duration timeout) {
  Signal(SIGTERM);
  return Wait(timeout);
}

std::optional<int> ServerProcess::Wait(absl::Duration timeout) {
  if (exit_code_) return exit_code_;
  exit_code_ = WaitForEnd(id_, timeout);
  return exit_code_;
}

std::int64_t ServerProcess::resident_bytes() const { return ResidentBytes(id_).value_or(0); }

std::string ServerProcess::log() {
  std::unique_lock lock(mutex_);
  if (exit_code_) changed_.wait(lock, [this] { return log_ended_; });
  return log_;
}

}  // namespace provisioning
