// SPDX-License-Identifier: Apache-2.0
// How rows of the table `import` are read and written.
#pragma once

#include "service/store/identity_store.h"
#include "service/store/postgres/sql_connection.h"
#include "service/store/postgres/sql_result.h"

namespace provisioning {

// What ReadImport takes, in this order.
#define IMPORT_COLUMNS                                                                    \
  "import_id, state, settled_through_row, epoch, session_id, attempt, missing_password, " \
  "existing_account, temporary_password_ttl, source_name, source_sha256, rejected_rows, " \
  "duplicate_rows, already_existing_rows, updated_rows, reissued_rows, created_rows, "    \
  "create_time, update_time, single_client, reverted_clients"

ImportRecord ReadImport(const OrganizationId& organization_id, const SqlResult& result, int row);

// Writes a record that is not there; the key says no if it is.
SqlStatement InsertImport(const ImportRecord& record);
// Over the one that is there.
SqlStatement UpdateImport(const ImportRecord& record);

}  // namespace provisioning
