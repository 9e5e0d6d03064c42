// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/sqlite_backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>

#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/database_file.h"
#include "service/store/sqlite/file_system.h"

namespace provisioning {
namespace {

// In one step: a transaction that reads, and holds no writer up.
absl::Status Copy(const std::string& path, const std::string& output) {
  auto from = Connection::Open(path, Connection::Mode::kReadOnly, "");
  if (!from.ok()) return from.status();
  auto to = Connection::Open(output, Connection::Mode::kReadWrite, "");
  if (!to.ok()) return to.status();
  const auto finish = [](sqlite3_backup* backup) { sqlite3_backup_finish(backup); };
  const std::unique_ptr<sqlite3_backup, decltype(finish)> backup(
      sqlite3_backup_init(to->handle(), "main", from->handle(), "main"), finish);
  if (backup == nullptr) return SqliteError(sqlite3_errcode(to->handle()), "starting the copy");
  const int code = sqlite3_backup_step(backup.get(), -1);
  return code == SQLITE_DONE ? absl::OkStatus() : SqliteError(code, "copying the database");
}

}  // namespace

absl::Status BackUpSqlite(const std::string& path, const std::string& output) {
  if (absl::Status status = CheckDatabaseFile(path); !status.ok()) return status;
  if (access(output.c_str(), F_OK) == 0) return Refusal(output, "there is a file already");
  // A name of its own, for it alone.
  std::string unfinished = output + ".XXXXXX";
  const Descriptor file(mkostemp(unfinished.data(), O_CLOEXEC));
  if (!file.is_open()) return SystemError(unfinished, "creating the backup");
  absl::Status status = Copy(path, unfinished);
  if (status.ok()) status = SyncFile(unfinished);
  // Unlike a renaming, it takes nobody's place.
  if (status.ok() && link(unfinished.c_str(), output.c_str()) != 0) {
    status = SystemError(output, "naming the backup");
  }
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    unlink((unfinished + suffix).c_str());
  }
  return status.ok() ? SyncFolder(output) : status;
}

}  // namespace provisioning
