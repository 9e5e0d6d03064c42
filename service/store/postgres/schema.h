// SPDX-License-Identifier: Apache-2.0
// The schema's versions. A migration first expands (new tables, new columns with
// defaults), so that servers of the version before go on working while it is
// applied and afterwards; what they need is only taken away by a later migration,
// when none of them runs any more. Each says in a line `-- usable-from: N` which
// program is the oldest that works with what it leaves.
#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/migration.h"
#include "service/store/postgres/sql_connection.h"

namespace provisioning {

// In rising order, from 1, without gaps.
std::span<const Migration> PostgresMigrations();

// Applies what is missing, each in a transaction of its own; waits for another one
// that does the same. Changes nothing of a schema that is newer than `migrations`.
absl::Status MigratePostgres(SqlConnection& connection,
                             std::span<const Migration> migrations = PostgresMigrations());

// What a server needs to know of a database before it serves.
struct StoreInfo {
  int schema_version = 0;      // 0: there is no schema.
  int usable_from = 0;         // Programs that know an older version must not work with it.
  std::string failure_secret;  // See StoredFailureKey.
};
absl::StatusOr<StoreInfo> ReadStoreInfo(SqlConnection& connection);
// The same of a schema that is there: what to ask, and the answer.
SqlStatement StoreInfoStatement();
StoreInfo StoreInfoOf(const SqlResult& rows);

// A sentence that says what to do, if a server that knows schemas up to `known`
// cannot work with this one.
absl::Status CheckSchema(const StoreInfo& info, int known);

}  // namespace provisioning
