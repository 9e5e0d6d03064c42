// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/audit_columns.h"

#include <string>
#include <utility>

#include "service/model/error.h"
#include "service/store/counted_outcomes.h"

namespace provisioning {
namespace {

constexpr std::string_view insert_sql =
    "INSERT INTO audit (" AUDIT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

std::optional<Uuid> ReadId(const SqlResult& result, int row, int column) {
  if (result.IsNull(row, column)) return std::nullopt;
  return result.Id(row, column);
}

}  // namespace

SqlStatement InsertAudit(const AuditRecord& record) {
  SqlParams params;
  params.Time(record.time)
      .Text(record.organization_id.value())
      .Text(record.caller.name)
      .Number(static_cast<std::int64_t>(record.event))
      .Id(record.import_id.value_or(Uuid()))
      .Id(record.client_id.value_or(Uuid()))
      .Number(record.clients);
  for (const RowOutcome outcome : counted_outcomes) params.Number(record.rows[outcome]);
  return {insert_sql, std::move(params)};
}

absl::StatusOr<AuditRecord> ReadAudit(const SqlResult& result, int row) {
  int column = 0;
  const std::int64_t audit_id = result.Number(row, column++);
  const absl::Time time = result.Time(row, column++);
  const auto organization_id = OrganizationId::Parse(std::string(result.Text(row, column++)));
  if (!organization_id) {
    return MakeError(ErrorReason::kStoreUnavailable, "the audit names no organization");
  }
  AuditRecord record{.audit_id = audit_id, .time = time, .organization_id = *organization_id};
  record.caller.name = result.Text(row, column++);
  record.event = static_cast<AuditEvent>(result.Number(row, column++));
  record.import_id = ReadId(result, row, column++);
  record.client_id = ReadId(result, row, column++);
  record.clients = result.Number(row, column++);
  for (const RowOutcome outcome : counted_outcomes) {
    record.rows[outcome] = result.Number(row, column++);
  }
  return record;
}

}  // namespace provisioning
