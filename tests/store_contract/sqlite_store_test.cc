// SPDX-License-Identifier: Apache-2.0
// Holds the embedded store to the conformance suite.
#include <sqlite3.h>

#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/identity_store_suite.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

class SqliteHarness final : public StoreHarness {
 public:
  absl::StatusOr<std::unique_ptr<IdentityStore>> Open() override {
    return SqliteIdentityStore::Open(
        {.path = path_, .vfs_name = "", .on_broken = [](const absl::Status& cause) {
           ADD_FAILURE() << "broken: " << cause;
         }});
  }

  void EraseClient(const OrganizationId& organization_id,
                   const std::string& email_address) override {
    Change("DELETE FROM client WHERE organization_id=? AND email_address=?", organization_id,
           email_address);
  }

  void UseTemporaryPassword(const OrganizationId& organization_id,
                            const std::string& email_address) override {
    Change(
        "UPDATE client SET state=2, credential='$argon2id$of-the-owner', credential_generated=0, "
        "credential_import=NULL, credential_row=NULL, credential_expire_time=NULL "
        "WHERE organization_id=? AND email_address=?",
        organization_id, email_address);
  }

 private:
  // By a connection of its own, beside the store's.
  void Change(const char* sql, const OrganizationId& organization_id,
              const std::string& email_address) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(path_.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), SQLITE_OK);
    sqlite3_bind_text(statement, 1, organization_id.value().c_str(), -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, email_address.c_str(), -1, SQLITE_TRANSIENT);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE) << sqlite3_errmsg(db);
    EXPECT_EQ(sqlite3_changes(db), 1) << "there was no such client";
    sqlite3_finalize(statement);
    sqlite3_close(db);
  }

  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
};

INSTANTIATE_TEST_SUITE_P(Sqlite, IdentityStoreSuite,
                         testing::Values(StoreEngine{
                             "Sqlite", [] { return std::make_unique<SqliteHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace provisioning
