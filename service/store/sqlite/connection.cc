// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/connection.h"

#include <sqlite3.h>

#include "absl/strings/cord.h"
#include "service/model/error.h"
#include "service/store/sqlite/statement.h"

namespace provisioning {
namespace {

constexpr absl::string_view busy_url = "provisioning/sqlite_busy";

constexpr absl::Duration busy_timeout_default = absl::Seconds(5);

// No row and no statement of ours comes near; a hostile file's might.
constexpr int value_bytes_max = 1 << 20;
constexpr int sql_bytes_max = 64 << 10;

template <typename Value, typename Read>
absl::StatusOr<Value> ReadFirst(const Connection& connection, const std::string& sql, Read read) {
  absl::StatusOr<Statement> statement = Statement::Prepare(connection, sql);
  if (!statement.ok()) return statement.status();
  Query query(*statement);
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return MakeError(ErrorReason::kStoreUnavailable, "nothing came from: " + sql);
  return read(query);
}

}  // namespace

absl::Status SqliteError(int code, const char* doing) {
  const std::string message = std::string(doing) + ": " + sqlite3_errstr(code);
  const int primary_code = code & 0xff;
  if (primary_code == SQLITE_FULL) return MakeError(ErrorReason::kDiskFull, message);
  absl::Status error = MakeError(ErrorReason::kStoreUnavailable, message);
  if (primary_code == SQLITE_BUSY) error.SetPayload(busy_url, absl::Cord());
  return error;
}

bool IsBusy(const absl::Status& error) { return error.GetPayload(busy_url).has_value(); }

bool IsDiskFull(const absl::Status& error) { return ReasonOf(error) == ErrorReason::kDiskFull; }

void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

absl::StatusOr<Connection> Connection::Open(const std::string& path, Mode mode,
                                            const std::string& vfs_name) {
  const int flags = (mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs_name.empty() ? nullptr : vfs_name.c_str());
  Connection connection(handle);
  if (code != SQLITE_OK) return SqliteError(code, "opening the database");
  if (absl::Status status = connection.Harden(); !status.ok()) return status;
  return connection;
}

absl::Status Connection::Harden() {
  sqlite3* const db = handle_.get();
  SetBusyTimeout(busy_timeout_default);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, value_bytes_max);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  // One connection checkpoints, and it does so by hand.
  const int code = sqlite3_wal_autocheckpoint(db, 0);
  return code == SQLITE_OK ? absl::OkStatus() : SqliteError(code, "setting up a connection");
}

absl::Status Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : SqliteError(code, "executing a statement");
}

absl::StatusOr<std::int64_t> Connection::ReadNumber(const std::string& sql) {
  return ReadFirst<std::int64_t>(*this, sql, [](const Query& query) { return query.Number(0); });
}

absl::Status Connection::SetPragma(const std::string& name, const std::string& value) {
  // Some refuse aloud, some in silence: what can be read back is what counts.
  (void)Execute("PRAGMA " + name + "=" + value);
  const auto now = ReadFirst<std::string>(
      *this, "PRAGMA " + name, [](const Query& query) { return std::string(query.Text(0)); });
  if (!now.ok()) return now.status();
  if (*now == value) return absl::OkStatus();
  return MakeError(ErrorReason::kStoreUnavailable,
                   "SQLite does not take PRAGMA " + name + "=" + value + ", it stays at " + *now);
}

void Connection::SetBusyTimeout(absl::Duration timeout) {
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(absl::ToInt64Milliseconds(timeout)));
}

void Connection::LeaveUncheckpointed() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

}  // namespace provisioning
