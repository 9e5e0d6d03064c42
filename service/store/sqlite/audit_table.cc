// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/audit_table.h"

#include <string>

#include "service/model/error.h"
#include "service/store/sqlite/import_table.h"

namespace provisioning {
namespace {

#define AUDIT_COLUMNS                                                                   \
  "time, organization_id, caller, event, import_id, client_id, clients, "               \
  "rejected_rows, duplicate_rows, already_existing_rows, updated_rows, reissued_rows, " \
  "created_rows"

constexpr std::string_view add_sql =
    "INSERT INTO audit (" AUDIT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view list_sql =
    "SELECT audit_id, " AUDIT_COLUMNS " FROM audit WHERE audit_id>? ORDER BY audit_id LIMIT ?";

std::optional<Uuid> ReadId(const Query& query, int column) {
  if (query.IsNull(column)) return std::nullopt;
  return query.Id(column);
}

absl::StatusOr<AuditRecord> ReadRecord(const Query& query) {
  int column = 0;
  const std::int64_t audit_id = query.Number(column++);
  const absl::Time time = query.Time(column++);
  const auto organization_id = OrganizationId::Parse(query.Text(column++));
  if (!organization_id) {
    return MakeError(ErrorReason::kStoreUnavailable, "the audit names no organization");
  }
  AuditRecord record{.audit_id = audit_id, .time = time, .organization_id = *organization_id};
  record.caller.name = query.Text(column++);
  record.event = static_cast<AuditEvent>(query.Number(column++));
  record.import_id = ReadId(query, column++);
  record.client_id = ReadId(query, column++);
  record.clients = query.Number(column++);
  for (const RowOutcome outcome : counted_outcomes) record.rows[outcome] = query.Number(column++);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditTable>> AuditTable::Prepare(const Connection& connection) {
  auto add = Statement::Prepare(connection, add_sql);
  auto list = Statement::Prepare(connection, list_sql);
  for (const auto* statement : {&add, &list}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<AuditTable>(new AuditTable({*std::move(add), *std::move(list)}));
}

absl::Status AuditTable::Add(const AuditRecord& record) {
  Query query(statements_.add);
  query.Bind(record.time)
      .Bind(record.organization_id.value())
      .Bind(record.caller.name)
      .Bind(static_cast<std::int64_t>(record.event));
  record.import_id ? query.Bind(*record.import_id) : query.BindNull();
  record.client_id ? query.Bind(*record.client_id) : query.BindNull();
  query.Bind(record.clients);
  for (const RowOutcome outcome : counted_outcomes) query.Bind(record.rows[outcome]);
  return query.Execute();
}

absl::StatusOr<Page<AuditRecord, std::int64_t>> AuditTable::List(std::int64_t after,
                                                                 int page_size) {
  Query query(statements_.list);
  // One more than asked for tells whether there is another page.
  query.Bind(after).Bind(std::int64_t{page_size} + 1);
  Page<AuditRecord, std::int64_t> page;
  while (true) {
    const absl::StatusOr<bool> found = query.Next();
    if (!found.ok()) return found.status();
    if (!*found) break;
    auto record = ReadRecord(query);
    if (!record.ok()) return record.status();
    page.records.push_back(*std::move(record));
  }
  EndPage(page, page_size, [](const AuditRecord& record) { return record.audit_id; });
  return page;
}

}  // namespace provisioning
