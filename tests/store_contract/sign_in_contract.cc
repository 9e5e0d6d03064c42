// SPDX-License-Identifier: Apache-2.0
// What a sign-in leaves of itself.
#include "service/credential/credential_factory.h"
#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"

namespace provisioning {
namespace {

// A client whose hash was imported: active, and nobody has signed in yet.
class UnusedAccount {
 public:
  explicit UnusedAccount(const TestImport& import) {
    std::vector<PreparedRow> rows;
    rows.push_back(Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kNone));
    rows.front().credential = factory_.HashLasting(SecretString("the imported one"));
    credential = rows.front().credential->phc();
    client_id = import.Commit(import.MakeBatch(std::move(rows)))->answers.at(0).client_id;
  }
  std::optional<Credential> Rehashed() const {
    return factory_.HashLasting(SecretString("the imported one"));
  }

  std::string credential;
  Uuid client_id;

 private:
  const CredentialFactory factory_{HashCost{.memory_kib = 8, .iterations = 1}};
};

TEST_P(IdentityStoreSuite, ASignInMarksAnAccountAsUsed) {
  const UnusedAccount account(NewImport());
  const auto before = store_->FindSignInAccount(organization, "a@x.example").value();
  EXPECT_FALSE(before->pending);
  EXPECT_FALSE(before->used);
  EXPECT_TRUE(store_
                  ->RecordSignIn({.organization_id = organization,
                                  .client_id = account.client_id,
                                  .expected_credential = account.credential,
                                  .rehashed = std::nullopt})
                  .ok());
  EXPECT_TRUE(store_->FindSignInAccount(organization, "a@x.example").value()->used) << "at once";
  Reopen();
  const auto after = store_->FindSignInAccount(organization, "a@x.example").value();
  EXPECT_TRUE(after->used);
  EXPECT_EQ(after->credential, account.credential);
  EXPECT_TRUE(Account("a@x.example")->used);
}

TEST_P(IdentityStoreSuite, ASignInStoresTheRehashedPassword) {
  const UnusedAccount account(NewImport());
  const auto rehashed = account.Rehashed();
  EXPECT_TRUE(store_
                  ->RecordSignIn({.organization_id = organization,
                                  .client_id = account.client_id,
                                  .expected_credential = account.credential,
                                  .rehashed = rehashed})
                  .ok());
  Reopen();
  const auto after = store_->FindSignInAccount(organization, "a@x.example").value();
  EXPECT_TRUE(after->used);
  EXPECT_FALSE(after->pending);
  EXPECT_EQ(after->credential, rehashed->phc());
}

// The password was changed while somebody signed in with the old one.
TEST_P(IdentityStoreSuite, ASignInThatCameTooLateChangesNothing) {
  for (const Life life : {Life::kPending, Life::kActivated, Life::kReset, Life::kErased}) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    const std::string before = account.Known();
    for (const bool stale : {true, false}) {
      if (!stale && life == Life::kActivated) continue;
      EXPECT_TRUE(
          store_
              ->RecordSignIn({.organization_id = organization,
                              .client_id = account.client_id(),
                              .expected_credential = stale ? "$stale" : account.credential(),
                              .rehashed = MakeCredential(TestCredential::kGenerated)})
              .ok());
    }
    Reopen();
    EXPECT_EQ(KnownOf(*store_, organization, account.client_id(), account.row().email_address),
              before);
  }
}

// A caller may ask for anything.
TEST_P(IdentityStoreSuite, WhatIsNoAddressIsNobodys) {
  NewImport().SettleOne({.number = 1, .email_address = "a@x.example"});
  using namespace std::string_literals;
  for (const std::string& text : {""s, "\0"s, "a@x.example\0"s, "\0a@x.example"s,
                                  std::string(5000, 'x'), "'; DROP TABLE client; --"s}) {
    const auto account = store_->FindSignInAccount(organization, text);
    ASSERT_TRUE(account.ok()) << account.status();
    EXPECT_FALSE(*account);
  }
}

}  // namespace
}  // namespace provisioning
