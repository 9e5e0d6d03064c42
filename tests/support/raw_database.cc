// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_database.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

std::string CellOf(sqlite3_stmt* statement, int column) {
  const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  if (bytes == nullptr) return "";
  const absl::string_view cell(bytes, sqlite3_column_bytes(statement, column));
  return is_blob ? absl::BytesToHexString(cell) : std::string(cell);
}

std::string Quoted(std::string_view text) { return absl::StrCat("'", std::string(text), "'"); }

}  // namespace

RawDatabase::RawDatabase(const std::string& path) {
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
  sqlite3_busy_timeout(database_, 10'000);
  // The store alone checkpoints.
  sqlite3_wal_autocheckpoint(database_, 0);
}

RawDatabase::~RawDatabase() { sqlite3_close(database_); }

std::vector<std::string> RawDatabase::Read(const std::string& sql) {
  std::vector<std::string> lines;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database_);
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    std::string line = CellOf(statement, 0);
    for (int column = 1; column < sqlite3_column_count(statement); ++column) {
      absl::StrAppend(&line, "|", CellOf(statement, column));
    }
    lines.push_back(std::move(line));
  }
  EXPECT_EQ(code, SQLITE_DONE) << sqlite3_errmsg(database_);
  sqlite3_finalize(statement);
  return lines;
}

std::string RawDatabase::ReadCell(const std::string& sql) {
  const std::vector<std::string> lines = Read(sql);
  return lines.empty() ? "" : lines.front();
}

int RawDatabase::Change(const std::string& sql) {
  EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database_);
  return sqlite3_changes(database_);
}

std::vector<std::string> RawDatabase::Clients() {
  return Read("SELECT * FROM client WHERE state<>4 ORDER BY organization_id, email_address");
}

std::string RawDatabase::CredentialOf(std::string_view email_address) {
  return ReadCell(absl::StrCat("SELECT rtrim(credential) FROM client WHERE email_address=",
                               Quoted(email_address)));
}

void RawDatabase::Erase(std::string_view email_address) {
  EXPECT_EQ(Change(absl::StrCat("UPDATE client SET state=4, email_key=client_id, "
                                "email_address='0' WHERE email_address=",
                                Quoted(email_address))),
            1);
}

void RawDatabase::Activate(std::string_view email_address) {
  EXPECT_EQ(Change(absl::StrCat("UPDATE client SET state=3, used=1, "
                                "credential='$argon2id$of-the-owner', credential_generated=0 "
                                "WHERE email_address=",
                                Quoted(email_address))),
            1);
}

}  // namespace provisioning
