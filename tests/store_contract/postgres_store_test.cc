// SPDX-License-Identifier: Apache-2.0
// Holds the store on PostgreSQL to the conformance suite: a real server, with fsync;
// or that of POSTGRES_URL.
#include "tests/store_contract/identity_store_suite.h"
#include "tests/support/postgres_database.h"

namespace provisioning {
namespace {

class PostgresHarness final : public StoreHarness {
 public:
  absl::StatusOr<std::unique_ptr<IdentityStore>> Open() override {
    return PostgresIdentityStore::Open({.url = url_});
  }

 private:
  const std::string url_ = NewTestDatabase();
};

INSTANTIATE_TEST_SUITE_P(Postgres, IdentityStoreSuite,
                         testing::Values(StoreEngine{
                             "Postgres", [] { return std::make_unique<PostgresHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace provisioning
