// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/store_audit.h"

#include <cstdlib>

namespace provisioning {

StoreAudit::StoreAudit(const std::string& path) : database_(nullptr, &sqlite3_close) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    std::abort();
  }
  database_.reset(database);
}

std::int64_t StoreAudit::client_count() const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), "SELECT count(*) FROM client WHERE state<>4", -1,
                         &statement, nullptr) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW) {
    std::abort();
  }
  const std::int64_t count = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return count;
}

std::map<std::string, std::string> StoreAudit::Credentials() const {
  return Column("rtrim(credential)");
}

std::map<std::string, std::string> StoreAudit::LastNames() const { return Column("last_name"); }

std::map<std::string, std::string> StoreAudit::Column(const std::string& column) const {
  std::map<std::string, std::string> values;
  sqlite3_stmt* statement = nullptr;
  const std::string sql = "SELECT email_address, " + column + " FROM client WHERE state<>4";
  if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    std::abort();
  }
  while (sqlite3_step(statement) == SQLITE_ROW) {
    values[reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))] =
        reinterpret_cast<const char*>(sqlite3_column_text(statement, 1));
  }
  sqlite3_finalize(statement);
  return values;
}

}  // namespace provisioning
