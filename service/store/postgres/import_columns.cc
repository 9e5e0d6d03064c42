// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/import_columns.h"

#include <utility>

#include "service/store/counted_outcomes.h"

namespace provisioning {
namespace {

constexpr std::string_view insert_sql =
    "INSERT INTO import (organization_id, " IMPORT_COLUMNS
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22)";
constexpr std::string_view update_sql =
    "UPDATE import SET state=$3, settled_through_row=$4, epoch=$5, session_id=$6, attempt=$7, "
    "missing_password=$8, existing_account=$9, temporary_password_ttl=$10, source_name=$11, "
    "source_sha256=$12, rejected_rows=$13, duplicate_rows=$14, already_existing_rows=$15, "
    "updated_rows=$16, reissued_rows=$17, created_rows=$18, create_time=$19, update_time=$20, "
    "single_client=$21, reverted_clients=$22 WHERE organization_id=$1 AND import_id=$2";

// What is stored for an enumerator: the number of the contract.
template <typename Enum>
std::int64_t StoredNumber(Enum value) {
  return static_cast<std::int64_t>(value) + 1;
}
static_assert(static_cast<int>(MissingPassword::kReject) == 0);
static_assert(static_cast<int>(MissingPassword::kGenerate) == 1);
static_assert(static_cast<int>(ExistingAccount::kReport) == 0);
static_assert(static_cast<int>(ExistingAccount::kUpdateProfile) == 1);
static_assert(static_cast<int>(ExistingAccount::kReissuePending) == 2);

SqlParams ParamsOf(const ImportRecord& record) {
  SqlParams params;
  params.Text(record.key.organization_id.value())
      .Id(record.key.import_id)
      .Number(static_cast<std::int64_t>(record.state))
      .Number(record.settled_through_row)
      .Number(record.stream_count)
      .Text(record.session_id)
      .Number(record.attempt)
      .Number(StoredNumber(record.options.missing_password))
      .Number(StoredNumber(record.options.existing_account))
      .Number(absl::ToInt64Microseconds(record.options.temporary_password_ttl))
      .Text(record.options.source_name)
      .Text(record.options.source_sha256);
  for (const RowOutcome outcome : counted_outcomes) params.Number(record.rows[outcome]);
  params.Time(record.create_time)
      .Time(record.update_time)
      .Bool(record.options.single_client)
      .Number(record.reverted_clients);
  return params;
}

}  // namespace

ImportRecord ReadImport(const OrganizationId& organization_id, const SqlResult& result, int row) {
  int column = 0;
  ImportRecord record{
      {organization_id, result.Id(row, column++)}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  record.state = static_cast<ImportState>(result.Number(row, column++));
  record.settled_through_row = result.Number(row, column++);
  record.stream_count = result.Number(row, column++);
  record.session_id = result.Text(row, column++);
  record.attempt = result.Number(row, column++);
  record.options.missing_password = static_cast<MissingPassword>(result.Number(row, column++) - 1);
  record.options.existing_account = static_cast<ExistingAccount>(result.Number(row, column++) - 1);
  record.options.temporary_password_ttl = absl::Microseconds(result.Number(row, column++));
  record.options.source_name = result.Text(row, column++);
  record.options.source_sha256 = result.Text(row, column++);
  for (const RowOutcome outcome : counted_outcomes) {
    record.rows[outcome] = result.Number(row, column++);
  }
  record.create_time = result.Time(row, column++);
  record.update_time = result.Time(row, column++);
  record.options.single_client = result.Bool(row, column++);
  record.reverted_clients = result.Number(row, column++);
  return record;
}

SqlStatement InsertImport(const ImportRecord& record) { return {insert_sql, ParamsOf(record)}; }

SqlStatement UpdateImport(const ImportRecord& record) { return {update_sql, ParamsOf(record)}; }

}  // namespace provisioning
