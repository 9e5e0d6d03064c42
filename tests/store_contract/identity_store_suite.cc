// SPDX-License-Identifier: Apache-2.0
#include "tests/store_contract/identity_store_suite.h"

#include <utility>

namespace provisioning {

void IdentityStoreSuite::SetUp() {
  harness_ = GetParam().make_harness();
  Reopen();
}

void IdentityStoreSuite::Reopen() {
  store_.reset();
  auto store = harness_->Open();
  ASSERT_TRUE(store.ok()) << store.status();
  store_ = *std::move(store);
}

TestImport IdentityStoreSuite::NewImport(ImportOptions options) {
  return NewImportOf(organization, std::move(options));
}

TestImport IdentityStoreSuite::NewImportOf(const OrganizationId& organization_id,
                                           ImportOptions options) {
  TestImport import(*store_, clock_, organization_id, std::move(options));
  import.Claim();
  return import;
}

std::optional<ClientRecord> IdentityStoreSuite::Client(const std::string& email_address) {
  const auto client = store_->GetClientByEmail(organization, email_address);
  EXPECT_TRUE(client.ok()) << client.status();
  return *client;
}

std::optional<AccountFacts> IdentityStoreSuite::Account(const std::string& email_address) {
  const std::string addresses[] = {email_address};
  const auto accounts = store_->FindAccounts(organization, addresses, std::nullopt);
  EXPECT_TRUE(accounts.ok()) << accounts.status();
  return accounts->at(0);
}

void IdentityStoreSuite::Erase(const std::string& email_address) {
  const auto client = Client(email_address);
  ASSERT_TRUE(client);
  const auto erased = store_->EraseClient(organization, client->client_id, caller, clock_.Now());
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_TRUE(*erased);
}

void IdentityStoreSuite::Use(const std::string& email_address) {
  const auto account = store_->FindSignInAccount(organization, email_address);
  ASSERT_TRUE(account.ok() && *account) << account.status();
  const auto activated = store_->Activate({.organization_id = organization,
                                           .client_id = (*account)->client_id,
                                           .expected_credential = (*account)->credential,
                                           .credential = *MakeCredential(TestCredential::kGiven),
                                           .now = clock_.Now(),
                                           .caller = caller});
  ASSERT_TRUE(activated.ok()) << activated.status();
  EXPECT_TRUE(*activated);
}

}  // namespace provisioning
