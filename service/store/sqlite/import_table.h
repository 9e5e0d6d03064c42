// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/counted_outcomes.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/statement.h"

namespace provisioning {

// The table `import`, over one connection, which outlives it. One thread at a
// time.
class ImportTable {
 public:
  static absl::StatusOr<std::unique_ptr<ImportTable>> Prepare(const Connection& connection);

  absl::StatusOr<std::optional<ImportRecord>> Get(const ImportKey& key);
  absl::StatusOr<Page<ImportRecord, ImportPosition>> List(
      const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
      int page_size);

  // Inside a transaction of the caller: writes the record, over the one that is
  // there.
  absl::Status Put(const ImportRecord& record);

 private:
  struct Statements {
    Statement get, list, put;
  };
  explicit ImportTable(Statements statements) : statements_(std::move(statements)) {}

  Statements statements_;
};

}  // namespace provisioning
