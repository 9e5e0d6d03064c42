// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/store_audit.h"

#include <cstdlib>
#include <memory>

#include "sqlite3.h"

namespace provisioning {
namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

std::map<std::string, std::string> Column(const Database& database, const std::string& column) {
  std::map<std::string, std::string> values;
  sqlite3_stmt* statement = nullptr;
  const std::string sql = "SELECT email_address, " + column + " FROM client WHERE state<>4";
  if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    std::abort();
  }
  while (sqlite3_step(statement) == SQLITE_ROW) {
    values[reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))] =
        reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));
  }
  sqlite3_finalize(statement);
  return values;
}

}  // namespace

StoreAudit AuditSqlite(const std::string& path) {
  sqlite3* handle = nullptr;
  if (sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    std::abort();
  }
  const Database database(handle, &sqlite3_close);
  return {Column(database, "rtrim(credential)"), Column(database, "last_name")};
}

}  // namespace provisioning
