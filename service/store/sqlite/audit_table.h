// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/statement.h"

namespace provisioning {

// The table `audit`, over one connection, which outlives it. Adding is part of a
// transaction of the caller. One thread at a time.
class AuditTable {
 public:
  static absl::StatusOr<std::unique_ptr<AuditTable>> Prepare(const Connection& connection);

  // Gives it its audit_id, whatever stands there.
  absl::Status Add(const AuditRecord& record);
  absl::StatusOr<Page<AuditRecord, std::int64_t>> List(std::int64_t after, int page_size);

 private:
  struct Statements {
    Statement add, list;
  };
  explicit AuditTable(Statements statements) : statements_(std::move(statements)) {}

  Statements statements_;
};

}  // namespace provisioning
