// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/statement.h"

#include <sqlite3.h>

#include "service/store/sqlite/connection.h"

namespace provisioning {

void Statement::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

absl::StatusOr<Statement> Statement::Prepare(const Connection& connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) return SqliteError(code, "preparing a statement");
  return Statement(handle);
}

Query::~Query() {
  sqlite3_reset(handle_);
  // Nothing of a client stays behind in the statement, nor any pointer to it.
  sqlite3_clear_bindings(handle_);
}

Query& Query::Bind(std::int64_t value) {
  code_ |= sqlite3_bind_int64(handle_, ++bound_, value);
  return *this;
}

Query& Query::Bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  code_ |= sqlite3_bind_text64(handle_, ++bound_, text.empty() ? "" : text.data(), text.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Query& Query::BindBlob(std::string_view bytes) {
  code_ |= sqlite3_bind_blob64(handle_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Query& Query::Bind(absl::Time time) {
  return time == absl::InfinitePast() ? BindNull() : Bind(absl::ToUnixMicros(time));
}

Query& Query::BindNull() {
  code_ |= sqlite3_bind_null(handle_, ++bound_);
  return *this;
}

absl::StatusOr<bool> Query::Next() {
  if (code_ != SQLITE_OK) return SqliteError(code_, "binding a value");
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return SqliteError(code, "running a statement");
}

absl::Status Query::Execute() { return Next().status(); }

bool Query::IsNull(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::int64_t Query::Number(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Query::Text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Uuid Query::Id(int column) const { return Uuid::FromBytes(Text(column)).value_or(Uuid()); }

absl::Time Query::Time(int column) const {
  return IsNull(column) ? absl::InfinitePast() : absl::FromUnixMicros(Number(column));
}

}  // namespace provisioning
