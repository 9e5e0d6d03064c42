// SPDX-License-Identifier: Apache-2.0
// Holds the embedded store to the conformance suite.
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

 private:
  const TempFolder folder_;
  const std::string path_ = folder_.File("clients.db");
};

INSTANTIATE_TEST_SUITE_P(Sqlite, IdentityStoreSuite,
                         testing::Values(StoreEngine{
                             "Sqlite", [] { return std::make_unique<SqliteHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace provisioning
