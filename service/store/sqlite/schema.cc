// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/schema.h"

#include <string>

#include "service/model/error.h"
#include "service/store/sqlite/migrations.h"
#include "service/store/sqlite/stored_form.h"

namespace provisioning {
namespace {

absl::Status ApplyMissing(Connection& connection, std::int64_t version) {
  for (const Migration& migration : SqliteMigrations()) {
    if (migration.version <= version) continue;
    const std::string set_version = "PRAGMA user_version=" + std::to_string(migration.version);
    absl::Status status = connection.Execute(std::string(migration.sql));
    if (status.ok()) status = connection.Execute(set_version);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateSchema(Connection& connection) {
  absl::Status status = connection.SetPragma("application_id", std::to_string(application_id));
  if (status.ok()) status = MigrateSchema(connection);
  if (status.ok()) status = connection.SetPragma("journal_mode", "wal");
  return status;
}

absl::Status CheckSchemaVersion(Connection& connection) {
  const auto version = connection.ReadNumber("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const int known = SqliteMigrations().back().version;
  if (*version <= known) return absl::OkStatus();
  return MakeError(ErrorReason::kStoreUnavailable,
                   "the database has schema version " + std::to_string(*version) +
                       ", this program knows versions up to " + std::to_string(known) +
                       "; nothing was changed");
}

absl::Status MigrateSchema(Connection& connection) {
  absl::Status status = RegisterStoredForms(connection);
  if (!status.ok()) return status;
  const auto version = connection.ReadNumber("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (*version >= SqliteMigrations().back().version) return absl::OkStatus();
  status = connection.Execute("BEGIN EXCLUSIVE");
  if (status.ok()) status = ApplyMissing(connection, *version);
  if (status.ok()) status = connection.Execute("COMMIT");
  if (connection.in_transaction()) (void)connection.Execute("ROLLBACK");
  return status;
}

}  // namespace provisioning
