// SPDX-License-Identifier: Apache-2.0
// How rows of the table `audit` are read and written.
#pragma once

#include "absl/status/statusor.h"
#include "service/store/audit_record.h"
#include "service/store/postgres/sql_connection.h"
#include "service/store/postgres/sql_result.h"

namespace provisioning {

// What ReadAudit takes behind the audit_id, in this order.
#define AUDIT_COLUMNS                                                                   \
  "time, organization_id, caller, event, import_id, client_id, clients, "               \
  "rejected_rows, duplicate_rows, already_existing_rows, updated_rows, reissued_rows, " \
  "created_rows"

SqlStatement InsertAudit(const AuditRecord& record);
absl::StatusOr<AuditRecord> ReadAudit(const SqlResult& result, int row);

}  // namespace provisioning
