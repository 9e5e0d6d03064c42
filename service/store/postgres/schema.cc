// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/schema.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "service/model/error.h"
#include "service/model/random_bytes.h"
#include "service/store/failure_key.h"
#include "service/store/postgres/sql_error.h"

namespace provisioning {
namespace {

constexpr absl::Duration answer_timeout = absl::Seconds(10);
// For all of a migration, and for one that somebody else applies.
constexpr absl::Duration migration_timeout = absl::Hours(6);

// Also where the role has no right to it.
constexpr std::string_view table_there_sql =
    "SELECT count(*) FROM pg_catalog.pg_tables "
    "WHERE schemaname = current_schema() AND tablename = 'store_info'";
constexpr char info_table_sql[] =
    "CREATE TABLE IF NOT EXISTS store_info (name text PRIMARY KEY, value text NOT NULL)";
constexpr std::string_view info_sql = "SELECT name, value FROM store_info";
constexpr std::string_view add_info_sql =
    "INSERT INTO store_info (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
constexpr std::string_view set_info_sql = "UPDATE store_info SET value = $2 WHERE name = $1";
// What an earlier migration has taken away stays away.
constexpr std::string_view usable_from_sql =
    "SELECT value FROM store_info WHERE name = 'usable_from'";
// Who holds this row migrates.
constexpr std::string_view lock_sql =
    "SELECT value FROM store_info WHERE name = 'schema_version' FOR UPDATE";

int NumberIn(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int UsableFrom(const Migration& migration) {
  constexpr std::string_view mark = "-- usable-from: ";
  const std::size_t begin = migration.sql.find(mark);
  return begin == std::string_view::npos ? migration.version
                                         : NumberIn(migration.sql.substr(begin + mark.size()));
}

std::string NewSecret() {
  std::array<std::uint8_t, failure_secret_size> bytes;
  FillRandom(bytes);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

SqlStatement SetInfo(std::string_view sql, std::string_view name, std::string_view value) {
  return {sql, std::move(SqlParams().Text(name).Text(value))};
}

// Two that begin at the same time may both make the table: one of them fails,
// and finds it made the next time.
absl::Status EnsureInfo(SqlConnection& connection) {
  absl::Status status;
  for (int attempt = 0; attempt < 3; ++attempt) {
    status = connection.RunScript(info_table_sql, answer_timeout);
    if (status.ok()) break;
  }
  if (!status.ok()) return status;
  const SqlStatement statements[] = {SetInfo(add_info_sql, "schema_version", "0"),
                                     SetInfo(add_info_sql, "usable_from", "0"),
                                     SetInfo(add_info_sql, "failure_secret", NewSecret())};
  return connection.Run(statements, answer_timeout).status();
}

// Done, or what the locked version makes unnecessary.
absl::Status ApplyLocked(SqlConnection& connection, const Migration& migration) {
  const auto version = connection.Run({lock_sql}, migration_timeout);
  if (!version.ok()) return version.status();
  if (NumberIn(version->Text(0, 0)) >= migration.version) return absl::OkStatus();
  absl::Status status = connection.RunScript(std::string(migration.sql), migration_timeout);
  if (!status.ok()) return status;
  const auto before = connection.Run({usable_from_sql}, answer_timeout);
  if (!before.ok()) return before.status();
  const int usable_from = std::max(NumberIn(before->Text(0, 0)), UsableFrom(migration));
  const SqlStatement statements[] = {
      SetInfo(set_info_sql, "schema_version", std::to_string(migration.version)),
      SetInfo(set_info_sql, "usable_from", std::to_string(usable_from))};
  return connection.Run(statements, answer_timeout).status();
}

absl::Status TryApply(SqlConnection& connection, const Migration& migration) {
  // Who waits for the lock of a table holds up all that come behind it.
  const SqlStatement begin[] = {{"BEGIN ISOLATION LEVEL READ COMMITTED"},
                                {"SET LOCAL statement_timeout = 0"},
                                {"SET LOCAL lock_timeout = '3s'"}};
  absl::Status status = connection.Run(begin, answer_timeout).status();
  if (status.ok()) status = ApplyLocked(connection, migration);
  if (status.ok()) return connection.Run({"COMMIT"}, migration_timeout).status();
  if (!connection.lost()) (void)connection.Run({"ROLLBACK"}, answer_timeout);
  return status;
}

// Servers work on meanwhile, and backups: tries again until they let it.
absl::Status Apply(SqlConnection& connection, const Migration& migration) {
  const absl::Time end = absl::Now() + migration_timeout;
  while (true) {
    absl::Status status = TryApply(connection, migration);
    if (FaultOf(status) != SqlFault::kTransient || absl::Now() >= end) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

absl::Status Refused(const std::string& why) {
  return MakeError(ErrorReason::kStoreUnavailable, why);
}

}  // namespace

absl::Status MigratePostgres(SqlConnection& connection, std::span<const Migration> migrations) {
  if (absl::Status status = EnsureInfo(connection); !status.ok()) return status;
  for (const Migration& migration : migrations) {
    if (absl::Status status = Apply(connection, migration); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<StoreInfo> ReadStoreInfo(SqlConnection& connection) {
  const auto there = connection.Run({table_there_sql}, answer_timeout);
  if (!there.ok()) return there.status();
  if (there->Number(0, 0) == 0) return StoreInfo();
  const auto rows = connection.Run(StoreInfoStatement(), answer_timeout);
  if (!rows.ok()) return rows.status();
  return StoreInfoOf(*rows);
}

SqlStatement StoreInfoStatement() { return {info_sql}; }

StoreInfo StoreInfoOf(const SqlResult& rows) {
  StoreInfo info;
  for (int row = 0; row < rows.rows(); ++row) {
    const std::string_view name = rows.Text(row, 0);
    const std::string_view value = rows.Text(row, 1);
    if (name == "schema_version") info.schema_version = NumberIn(value);
    if (name == "usable_from") info.usable_from = NumberIn(value);
    if (name == "failure_secret") info.failure_secret = value;
  }
  return info;
}

absl::Status CheckSchema(const StoreInfo& info, int known) {
  const std::string here = std::to_string(info.schema_version);
  if (info.usable_from > known) {
    return Refused("the database has schema version " + here + ", which programs that know only " +
                   std::to_string(known) + " cannot work with; nothing was changed");
  }
  if (info.schema_version < known) {
    return Refused((info.schema_version == 0 ? "the database has no schema yet"
                                             : "the database has schema version " + here) +
                   "; this program needs version " + std::to_string(known) +
                   ": run `provisiond migrate`, with the URL of the role that owns the tables");
  }
  return absl::OkStatus();
}

}  // namespace provisioning
