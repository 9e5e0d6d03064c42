// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/audit_table.h"
#include "service/store/sqlite/connection.h"

namespace provisioning {

// The audit in a database that a server may be running on: reads it and changes
// nothing. One thread at a time.
class SqliteAudit {
 public:
  // Refuses, with a sentence, a file that is no database of this service, or one
  // of another schema than this program's.
  static absl::StatusOr<std::unique_ptr<SqliteAudit>> Open(const std::string& path);

  // As IdentityStore::ListAudit.
  absl::StatusOr<Page<AuditRecord, std::int64_t>> List(std::int64_t after, int page_size) {
    return table_->List(after, page_size);
  }

 private:
  SqliteAudit(Connection connection, std::unique_ptr<AuditTable> table)
      : connection_(std::move(connection)), table_(std::move(table)) {}

  Connection connection_;
  std::unique_ptr<AuditTable> table_;
};

}  // namespace provisioning
