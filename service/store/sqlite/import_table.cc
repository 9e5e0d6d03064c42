// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/import_table.h"

#include <limits>

namespace provisioning {
namespace {

// What ReadRecord takes, in this order.
#define IMPORT_COLUMNS                                                                       \
  "import_id, complete, settled_through_row, epoch, session_id, attempt, missing_password, " \
  "existing_account, temporary_password_ttl, source_name, source_sha256, rejected_rows, "    \
  "duplicate_rows, already_existing_rows, updated_rows, reissued_rows, created_rows, "       \
  "create_time, update_time, single_client, revert_state, reverted_clients"

constexpr std::string_view get_sql =
    "SELECT " IMPORT_COLUMNS " FROM import WHERE organization_id=? AND import_id=?";
constexpr std::string_view list_sql = "SELECT " IMPORT_COLUMNS
                                      " FROM import WHERE organization_id=? AND "
                                      "(create_time, import_id) < (?, ?) AND single_client=0 "
                                      "ORDER BY create_time DESC, import_id DESC LIMIT ?";
constexpr std::string_view put_sql =
    "INSERT OR REPLACE INTO import (organization_id, " IMPORT_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

enum class RevertState { kNone, kBegun, kEnded };

ImportState StateOf(bool complete, RevertState revert) {
  if (revert == RevertState::kBegun) return ImportState::kReverting;
  if (revert == RevertState::kEnded) return ImportState::kReverted;
  return complete ? ImportState::kComplete : ImportState::kOpen;
}

RevertState RevertStateOf(ImportState state) {
  if (state == ImportState::kReverting) return RevertState::kBegun;
  return state == ImportState::kReverted ? RevertState::kEnded : RevertState::kNone;
}

// What is stored for an enumerator: the number of the contract.
std::int64_t Number(MissingPassword value) { return static_cast<int>(value) + 1; }
std::int64_t Number(ExistingAccount value) { return static_cast<int>(value) + 1; }
static_assert(static_cast<int>(MissingPassword::kReject) == 0);
static_assert(static_cast<int>(MissingPassword::kGenerate) == 1);
static_assert(static_cast<int>(ExistingAccount::kReport) == 0);
static_assert(static_cast<int>(ExistingAccount::kUpdateProfile) == 1);
static_assert(static_cast<int>(ExistingAccount::kReissuePending) == 2);

ImportRecord ReadRecord(const OrganizationId& organization_id, const Query& query) {
  int column = 0;
  ImportRecord record{
      {organization_id, query.Id(column++)}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  const bool complete = query.Number(column++) != 0;
  record.settled_through_row = query.Number(column++);
  record.stream_count = query.Number(column++);
  record.session_id = query.Text(column++);
  record.attempt = query.Number(column++);
  record.options.missing_password = static_cast<MissingPassword>(query.Number(column++) - 1);
  record.options.existing_account = static_cast<ExistingAccount>(query.Number(column++) - 1);
  record.options.temporary_password_ttl = absl::Microseconds(query.Number(column++));
  record.options.source_name = query.Text(column++);
  record.options.source_sha256 = query.Text(column++);
  for (const RowOutcome outcome : counted_outcomes) record.rows[outcome] = query.Number(column++);
  record.create_time = query.Time(column++);
  record.update_time = query.Time(column++);
  record.options.single_client = query.Number(column++) != 0;
  record.state = StateOf(complete, static_cast<RevertState>(query.Number(column++)));
  record.reverted_clients = query.Number(column++);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ImportTable>> ImportTable::Prepare(const Connection& connection) {
  auto get = Statement::Prepare(connection, get_sql);
  auto list = Statement::Prepare(connection, list_sql);
  auto put = Statement::Prepare(connection, put_sql);
  for (const auto* statement : {&get, &list, &put}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<ImportTable>(
      new ImportTable({*std::move(get), *std::move(list), *std::move(put)}));
}

absl::StatusOr<std::optional<ImportRecord>> ImportTable::Get(const ImportKey& key) {
  Query query(statements_.get);
  query.Bind(key.organization_id.value()).Bind(key.import_id);
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return ReadRecord(key.organization_id, query);
}

absl::StatusOr<Page<ImportRecord, ImportPosition>> ImportTable::List(
    const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
    int page_size) {
  Query query(statements_.list);
  query.Bind(organization_id.value());
  // Without a position, from behind everything.
  after ? query.Bind(after->create_time).Bind(after->import_id)
        : query.Bind(std::numeric_limits<std::int64_t>::max()).BindNull();
  // One more than asked for tells whether there is another page.
  query.Bind(std::int64_t{page_size} + 1);

  Page<ImportRecord, ImportPosition> page;
  while (true) {
    const absl::StatusOr<bool> found = query.Next();
    if (!found.ok()) return found.status();
    if (!*found) break;
    page.records.push_back(ReadRecord(organization_id, query));
  }
  EndPage(page, page_size, PositionOf);
  return page;
}

absl::Status ImportTable::Put(const ImportRecord& record) {
  Query query(statements_.put);
  query.Bind(record.key.organization_id.value())
      .Bind(record.key.import_id)
      .Bind(std::int64_t{record.state == ImportState::kComplete})
      .Bind(record.settled_through_row)
      .Bind(record.stream_count)
      .Bind(record.session_id)
      .Bind(record.attempt)
      .Bind(Number(record.options.missing_password))
      .Bind(Number(record.options.existing_account))
      .Bind(absl::ToInt64Microseconds(record.options.temporary_password_ttl))
      .Bind(record.options.source_name)
      .Bind(record.options.source_sha256);
  for (const RowOutcome outcome : counted_outcomes) query.Bind(record.rows[outcome]);
  return query.Bind(record.create_time)
      .Bind(record.update_time)
      .Bind(std::int64_t{record.options.single_client})
      .Bind(static_cast<std::int64_t>(RevertStateOf(record.state)))
      .Bind(record.reverted_clients)
      .Execute();
}

}  // namespace provisioning
