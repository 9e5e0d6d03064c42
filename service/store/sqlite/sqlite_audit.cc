// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/sqlite_audit.h"

#include <string>
#include <utility>

#include "service/model/error.h"
#include "service/store/sqlite/migrations.h"
#include "service/store/sqlite/schema.h"

namespace provisioning {
namespace {

absl::Status CheckSchema(Connection& connection) {
  const auto id = connection.ReadNumber("PRAGMA application_id");
  if (!id.ok()) return id.status();
  if (*id != application_id) {
    return MakeError(ErrorReason::kStoreUnavailable, "not a database of this service");
  }
  const auto version = connection.ReadNumber("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const int known = SqliteMigrations().back().version;
  if (*version == known) return absl::OkStatus();
  return MakeError(ErrorReason::kStoreUnavailable,
                   "the database has schema version " + std::to_string(*version) +
                       ", this program reads version " + std::to_string(known));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteAudit>> SqliteAudit::Open(const std::string& path) {
  auto connection = Connection::Open(path, Connection::Mode::kReadOnly, "");
  absl::Status status = connection.status();
  if (status.ok()) status = CheckSchema(*connection);
  if (!status.ok())
    return MakeError(ErrorReason::kStoreUnavailable, path + ": " + std::string(status.message()));
  auto table = AuditTable::Prepare(*connection);
  if (!table.ok()) return table.status();
  return std::unique_ptr<SqliteAudit>(new SqliteAudit(*std::move(connection), *std::move(table)));
}

}  // namespace provisioning
