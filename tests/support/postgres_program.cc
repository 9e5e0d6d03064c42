// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_program.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/argument_pointers.h"
#include "tests/support/process_end.h"
#include "tests/support/require.h"

namespace provisioning {
namespace {

struct Owner {
  uid_t user;
  gid_t group;
};

Owner ProgramOwner() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  const passwd* const user = getpwnam("postgres");
  if (user == nullptr)
    EndForLackOfPostgres("there is no user postgres; see service/install-deps.sh");
  return {user->pw_uid, user->pw_gid};
}

// The system's own calls: those of the C library want to tell all threads, which
// a child of fork does not have.
bool BecomeOwner(const Owner& owner) {
  if (geteuid() != 0) return true;
  return syscall(SYS_setgroups, 1, &owner.group) == 0 && syscall(SYS_setgid, owner.group) == 0 &&
         syscall(SYS_setuid, owner.user) == 0;
}

struct Child {
  Owner owner;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const char* folder;
  int input;
  int output;
  int signal_at_our_end;
  pid_t parent;
};

// Behind a fork only what is safe in a signal handler may be called.
[[noreturn]] void Become(const Child& child) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setsid();
  dup2(child.input, STDIN_FILENO);
  dup2(child.output, STDOUT_FILENO);
  dup2(child.output, STDERR_FILENO);
  if (!BecomeOwner(child.owner) || chdir(child.folder) != 0) _exit(126);
  // After the change of user, which would take it back.
  if (child.signal_at_our_end != 0) {
    prctl(PR_SET_PDEATHSIG, child.signal_at_our_end);
    if (getppid() != child.parent) _exit(125);
  }
  execve(child.arguments[0], child.arguments.data(), child.environment.data());
  _exit(127);
}

std::string LogOf(const std::string& folder) { return folder + "/log"; }

}  // namespace

std::string PostgresProgram(const std::string& name) {
  int newest = 0;
  std::error_code ignored;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    if (!std::filesystem::exists(version.path() / "bin" / name)) continue;
    newest = std::max(newest, std::atoi(version.path().filename().c_str()));
  }
  if (newest == 0) EndForLackOfPostgres("there is no " + name + "; see service/install-deps.sh");
  return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin/" + name;
}

void GiveToPostgres(const std::string& path) {
  const Owner owner = ProgramOwner();
  Require(chown(path.c_str(), owner.user, owner.group) == 0, "chown");
}

pid_t StartProgram(const ProgramStart& start) {
  std::vector<std::string> command = start.command;
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"};
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const std::string path = LogOf(start.folder);
  const int log = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  Require(nothing >= 0 && log >= 0, "open");
  const Child child{.owner = ProgramOwner(),
                    .arguments = ArgumentPointers(command),
                    .environment = ArgumentPointers(environment),
                    .folder = start.folder.c_str(),
                    .input = start.input >= 0 ? start.input : nothing,
                    .output = log,
                    .signal_at_our_end = start.signal_at_our_end,
                    .parent = getpid()};
  const pid_t id = fork();
  Require(id >= 0, "fork");
  if (id == 0) Become(child);
  close(nothing);
  close(log);
  return id;
}

void RunProgram(const std::vector<std::string>& command, const std::string& folder,
                absl::Duration timeout) {
  const pid_t id =
      StartProgram({.command = command, .folder = folder, .signal_at_our_end = SIGKILL});
  const std::optional<int> code = WaitForEnd(id, timeout);
  if (code == 0) return;
  if (!code) kill(id, SIGKILL);
  EndForLackOfPostgres(
      command[0] + (code ? " failed: " + std::to_string(*code) : " takes too long"), folder);
}

void EndForLackOfPostgres(const std::string& why, const std::string& folder) {
  std::fprintf(stderr, "PostgreSQL for the test: %s\n", why.c_str());
  if (!folder.empty()) {
    std::ifstream file(LogOf(folder));
    const std::string log((std::istreambuf_iterator<char>(file)), {});
    constexpr std::size_t tail = 4000;
    std::fprintf(stderr, "%s\nkept %s\n",
                 log.substr(log.size() > tail ? log.size() - tail : 0).c_str(), folder.c_str());
  }
  std::abort();
}

}  // namespace provisioning
