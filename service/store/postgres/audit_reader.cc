// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/audit_reader.h"

#include <string_view>
#include <utility>

#include "service/store/postgres/audit_columns.h"

namespace provisioning {
namespace {

// Who waits for the lock holds up all that come behind it.
constexpr std::string_view patience_sql = "SET LOCAL lock_timeout = '1s'";
constexpr std::string_view lock_sql = "LOCK TABLE audit IN SHARE MODE";
constexpr std::string_view list_sql =
    "SELECT audit_id, " AUDIT_COLUMNS " FROM audit WHERE audit_id>$1 ORDER BY audit_id LIMIT $2";

}  // namespace

absl::StatusOr<Page<AuditRecord, std::int64_t>> ReadAuditPage(const TransactionRunner& runner,
                                                              std::int64_t after, int page_size) {
  Page<AuditRecord, std::int64_t> page;
  const absl::Status status = runner.RunRepeatable([&](PostgresTransaction& transaction) {
    page = {};
    transaction.RunLater({patience_sql});
    transaction.RunLater({lock_sql});
    // One more than asked for tells whether there is another page.
    const auto result = transaction.Run(
        {list_sql, std::move(SqlParams().Number(after).Number(std::int64_t{page_size} + 1))});
    if (!result.ok()) return result.status();
    for (int row = 0; row < result->rows(); ++row) {
      auto record = ReadAudit(*result, row);
      if (!record.ok()) return record.status();
      page.records.push_back(*std::move(record));
    }
    EndPage(page, page_size, [](const AuditRecord& record) { return record.audit_id; });
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return page;
}

}  // namespace provisioning
