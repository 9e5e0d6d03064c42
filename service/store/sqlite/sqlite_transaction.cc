// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/sqlite_transaction.h"

#include <utility>

namespace provisioning {

absl::StatusOr<std::unique_ptr<SqliteTransaction>> SqliteTransaction::Prepare(
    const Connection& connection) {
  auto accounts = AccountTable::Prepare(connection);
  if (!accounts.ok()) return accounts.status();
  auto writer = AccountWriter::Prepare(connection);
  if (!writer.ok()) return writer.status();
  auto imports = ImportTable::Prepare(connection);
  if (!imports.ok()) return imports.status();
  auto audit = AuditTable::Prepare(connection);
  if (!audit.ok()) return audit.status();
  return std::unique_ptr<SqliteTransaction>(new SqliteTransaction(
      {*std::move(accounts), *std::move(writer), *std::move(imports), *std::move(audit)}));
}

absl::StatusOr<bool> SqliteTransaction::IsErased(const OrganizationId& organization_id,
                                                 const Uuid& client_id) {
  const auto state = tables_.accounts->StateOf(organization_id, client_id);
  if (!state.ok()) return state.status();
  return *state == StoredState::kErased;
}

}  // namespace provisioning
