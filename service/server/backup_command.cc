// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "service/server/command.h"
#include "service/server/store_address.h"
#include "service/store/sqlite/sqlite_backup.h"
#include "spdlog/spdlog.h"

namespace provisioning {
namespace {

struct BackupFlags {
  StoreFlags store;
  std::string output;
};

absl::Status Backup(const BackupFlags& flags) {
  const auto address = ReadStoreAddress(flags.store);
  if (!address.ok()) return address.status();
  if (address->engine == StoreEngine::kPostgres) {
    return absl::InvalidArgumentError(
        "a PostgreSQL database is backed up by its own tools: pg_dump, or a base backup and its "
        "log");
  }
  return BackUpSqlite(address->place, flags.output);
}

int Run(const BackupFlags& flags) {
  const absl::Status status = Backup(flags);
  if (status.ok()) {
    spdlog::info("the backup is {}", flags.output);
    return 0;
  }
  spdlog::error("cannot back up: {}", std::string(status.message()));
  return 1;
}

}  // namespace

void AddBackupCommand(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<BackupFlags>();
  CLI::App* backup = app.add_subcommand(
      "backup", "Copy an embedded store into a new file, beside a running server too");
  AddStoreFlags(*backup, flags->store);
  backup->add_option("--to", flags->output, "The new file; must not exist")->required();
  backup->callback([flags, &chosen] { chosen = [flags] { return Run(*flags); }; });
}

}  // namespace provisioning
