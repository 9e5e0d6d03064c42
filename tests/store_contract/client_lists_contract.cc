// SPDX-License-Identifier: Apache-2.0
// Clients by what became of them.
#include <algorithm>
#include <map>

#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ListedClients {
 public:
  ListedClients(IdentityStore& store, const OrganizationId& organization_id)
      : store_(store), organization_id_(organization_id) {}

  // The same in pages of every size.
  std::vector<std::string> With(const ClientFilter& filter) const {
    const std::vector<std::string> all = InPagesOf(100, filter);
    for (const int page_size : {1, 2, 3}) EXPECT_EQ(InPagesOf(page_size, filter), all);
    return all;
  }

 private:
  std::vector<std::string> InPagesOf(int page_size, const ClientFilter& filter) const {
    std::vector<std::string> addresses;
    std::optional<Uuid> after;
    do {
      const auto page = store_.ListClients(organization_id_, filter, after, page_size);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const ClientRecord& client : page->records) addresses.push_back(client.email_address);
      after = page->next_after;
    } while (after);
    std::ranges::sort(addresses);
    return addresses;
  }

  IdentityStore& store_;
  const OrganizationId organization_id_;
};

TEST_P(IdentityStoreSuite, ClientsAreListedByWhatBecameOfThem) {
  std::map<Life, TestAccount> accounts;
  for (const Life life : all_lives) {
    accounts.try_emplace(life, *store_, clock_, organization, life);
  }
  const ListedClients listed(*store_, organization);
  EXPECT_THAT(
      listed.With({std::nullopt, true}),
      ElementsAre("expired@x.example", "locked@x.example", "pending@x.example",
                  "reissued-for-import@x.example", "reissued@x.example", "reset@x.example"));
  EXPECT_THAT(listed.With({std::nullopt, false}), ElementsAre("activated@x.example"));
  for (const auto& [life, account] : accounts) {
    SCOPED_TRACE(LifeName(life));
    const std::string& address = account.row().email_address;
    const Uuid import_id = account.import().key().import_id;
    const bool erased = life == Life::kErased;
    EXPECT_EQ(listed.With({import_id, std::nullopt}),
              erased ? std::vector<std::string>() : std::vector{address});
    const bool of_import = life == Life::kPending || life == Life::kExpired ||
                           life == Life::kLocked || life == Life::kReissuedForImport;
    EXPECT_EQ(listed.With({std::nullopt, std::nullopt, std::nullopt, import_id}),
              of_import ? std::vector{address} : std::vector<std::string>());
  }
}

TEST_P(IdentityStoreSuite, ClientsAreListedByTheEndOfTheirPassword) {
  for (const Life life : {Life::kPending, Life::kActivated, Life::kReissued, Life::kErased}) {
    const TestAccount account(*store_, clock_, organization, life);
  }
  const ListedClients listed(*store_, organization);
  const absl::Time reissued = Client("reissued@x.example")->password_expires_at;
  const absl::Time pending = Client("pending@x.example")->password_expires_at;
  ASSERT_LT(reissued, pending);
  const auto before = [&](absl::Time time) {
    return listed.With({std::nullopt, std::nullopt, time});
  };
  EXPECT_THAT(before(reissued), IsEmpty());
  EXPECT_THAT(before(reissued + absl::Microseconds(1)), ElementsAre("reissued@x.example"));
  EXPECT_THAT(before(pending), ElementsAre("reissued@x.example"));
  EXPECT_THAT(before(pending + absl::Microseconds(1)),
              ElementsAre("pending@x.example", "reissued@x.example"));
  EXPECT_THAT(listed.With({std::nullopt, false, pending}), IsEmpty());
}

TEST_P(IdentityStoreSuite, ClientsAreListedByTheImportThatSetTheirPassword) {
  TestImport import = NewImport();
  import.Settle({{.number = 1, .email_address = "a@x.example"},
                 {.number = 2,
                  .email_address = "b@x.example" }});
  TestImport reissue = NewImport(With(ExistingAccount::kReissuePending));
  reissue.SettleOne({.number = 1, .email_address = "a@x.example"});
  const ListedClients listed(*store_, organization);
  const Uuid import_id = import.key().import_id;
  const Uuid reissue_id = reissue.key().import_id;
  EXPECT_THAT(listed.With({std::nullopt, std::nullopt, std::nullopt, import_id}),
              ElementsAre("b@x.example"));
  EXPECT_THAT(listed.With({std::nullopt, std::nullopt, std::nullopt, reissue_id}),
              ElementsAre("a@x.example"));
  EXPECT_THAT(listed.With({import_id, std::nullopt, std::nullopt, reissue_id}),
              ElementsAre("a@x.example"));
}

}  // namespace
}  // namespace provisioning
