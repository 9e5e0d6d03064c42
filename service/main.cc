// SPDX-License-Identifier: Apache-2.0
// provisiond: flags -> command.

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "absl/synchronization/mutex.h"
#include "service/server/command.h"
#include "service/server/grpc_log.h"
#include "service/server/serve_command.h"
#include "service/server/usage_error.h"
#include "service/signals/log_line.h"

namespace {

// Passwords are in memory: it must not reach a disk.
void DisableCoreDumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

// Left alone, glibc learns to keep the large blocks of a commit on the heap, where
// they leave holes; so they are mapped, and given back. And it gives each thread a
// heap of its own, of which each grows to what its thread once needed, while rows
// are made on one thread and freed on another.
void KeepHeapSmall() {
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  mallopt(M_ARENA_MAX, 2);
}

}  // namespace

int main(int argc, char** argv) {
  // Debian builds gRPC with deadlock detection on, which makes every lock dear.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  KeepHeapSmall();
  DisableCoreDumps();
  provisioning::SetUpLogging(provisioning::LogFormat::kText);
  provisioning::TakeGrpcLog();

  CLI::App app{"provisiond: turns rows of a spreadsheet into accounts, over gRPC"};
  app.require_subcommand(1);
  app.set_version_flag("--version", PROVISIONING_VERSION);
  provisioning::Command chosen;
  provisioning::AddServeCommand(app, chosen);
  provisioning::AddCheckConfigCommand(app, chosen);
  provisioning::AddAuditCommand(app, chosen);
  provisioning::AddMigrateCommand(app, chosen);
  provisioning::AddBackupCommand(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::fprintf(stderr, "%s\n", provisioning::UsageErrorLine(app, error).c_str());
    return provisioning::usage_exit_code;
  }
  return chosen();
}
