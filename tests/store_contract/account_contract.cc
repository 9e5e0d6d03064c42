// SPDX-License-Identifier: Apache-2.0
// Every state of an account, and everything that can be done to it there.
#include <map>

#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"

namespace provisioning {
namespace {

using testing::IsEmpty;
using enum RowOutcome;

// A store knows neither expired nor locked: who checks passwords does.
TEST_P(IdentityStoreSuite, APendingAccountIsActivatedFromEveryState) {
  for (const Life life : {Life::kPending, Life::kExpired, Life::kLocked, Life::kReissued,
                          Life::kReissuedForImport, Life::kReset}) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    const ClientRecord before = *account.Record();
    const Activation activation = account.MakeActivation(account.credential());
    const auto activated = store_->Activate(activation);
    ASSERT_TRUE(activated.ok()) << activated.status();
    EXPECT_TRUE(*activated);

    const ClientRecord after = *account.Record();
    EXPECT_FALSE(after.pending);
    EXPECT_EQ(after.password_expires_at, absl::InfinitePast());
    EXPECT_EQ(after.consecutive_failures, 0);
    EXPECT_EQ(after.update_time, clock_.Now());
    EXPECT_EQ(after.create_time, before.create_time);
    EXPECT_EQ(after.created_by, before.created_by);
    EXPECT_EQ(after.profile, before.profile);
    const AccountFacts facts = *account.Facts();
    EXPECT_TRUE(facts.used);
    EXPECT_FALSE(facts.credential_generated);
    EXPECT_FALSE(facts.credential_set_by) << "the client has chosen it";
    EXPECT_FALSE(facts.profile_changed);
    const SignInAccount sign_in = *account.SignIn();
    EXPECT_EQ(sign_in.credential, activation.credential.phc());
    EXPECT_EQ(sign_in.client_id, account.client_id());
    EXPECT_FALSE(sign_in.pending);
    EXPECT_TRUE(sign_in.used);
  }
}

TEST_P(IdentityStoreSuite, WhatIsNotPendingIsNotActivated) {
  for (const Life life : {Life::kActivated, Life::kErased}) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    const std::string before = account.Known();
    EXPECT_FALSE(account.Activate(account.credential()).value());
    EXPECT_EQ(account.Known(), before);
  }
}

TEST_P(IdentityStoreSuite, AStaleCredentialActivatesNothing) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  ASSERT_EQ(account.Reissue({})->verdict, ReissueVerdict::kReissued);
  const std::string before = account.Known();
  const std::string current = account.SignIn()->credential;
  const std::string stale[] = {account.credential(),
                               "",
                               " ",
                               current + " x",
                               current.substr(1),
                               current.substr(0, current.size() - 1)};
  for (const std::string& credential : stale) {
    EXPECT_FALSE(account.Activate(credential).value());
    EXPECT_EQ(account.Known(), before);
  }
  EXPECT_TRUE(account.Activate(current).value());
}

TEST_P(IdentityStoreSuite, ATemporaryPasswordActivatesOnce) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  EXPECT_TRUE(account.Activate(account.credential()).value());
  const std::string before = account.Known();
  EXPECT_FALSE(account.Activate(account.credential()).value());
  EXPECT_EQ(account.Known(), before);
}

TEST_P(IdentityStoreSuite, ReissuesByState) {
  enum class Of { kNobody, kTheImport, kAnotherImport };
  struct Case {
    Life life;
    bool reset_active;
    Of import;
    ReissueVerdict verdict;
  };
  using enum ReissueVerdict;
  const Case cases[] = {
      {Life::kPending, false, Of::kNobody, kReissued},
      {Life::kPending, true, Of::kNobody, kReissued},
      {Life::kPending, false, Of::kTheImport, kReissued},
      {Life::kPending, false, Of::kAnotherImport, kPasswordReplaced},
      {Life::kPending, true, Of::kAnotherImport, kPasswordReplaced},
      {Life::kExpired, false, Of::kNobody, kReissued},
      {Life::kExpired, false, Of::kTheImport, kReissued},
      {Life::kExpired, false, Of::kAnotherImport, kPasswordReplaced},
      {Life::kLocked, false, Of::kNobody, kReissued},
      {Life::kLocked, false, Of::kTheImport, kReissued},
      {Life::kLocked, false, Of::kAnotherImport, kPasswordReplaced},
      {Life::kReissued, false, Of::kNobody, kReissued},
      {Life::kReissued, false, Of::kTheImport, kPasswordReplaced},
      {Life::kReissuedForImport, false, Of::kNobody, kReissued},
      {Life::kReissuedForImport, false, Of::kTheImport, kReissued},
      {Life::kActivated, false, Of::kNobody, kActive},
      {Life::kActivated, true, Of::kNobody, kReissued},
      {Life::kActivated, false, Of::kTheImport, kActive},
      {Life::kActivated, true, Of::kTheImport, kPasswordReplaced},
      {Life::kReset, false, Of::kNobody, kReissued},
      {Life::kReset, false, Of::kTheImport, kPasswordReplaced},
      {Life::kErased, false, Of::kNobody, kNotFound},
      {Life::kErased, true, Of::kNobody, kNotFound},
      {Life::kErased, false, Of::kTheImport, kNotFound},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(testing::Message() << LifeName(test.life) << " reset " << test.reset_active
                                    << " import " << static_cast<int>(test.import));
    const TestAccount account(*store_, clock_, organization, test.life);
    const std::string before = account.Known();
    const auto facts_before = account.Facts();
    TestAccount::ReissueOptions options{.reset_active = test.reset_active};
    if (test.import == Of::kTheImport) options.import_id = account.import().key().import_id;
    if (test.import == Of::kAnotherImport) options.import_id = NewImport().key().import_id;
    const Reissue reissue = account.MakeReissue(options);
    const auto answer = store_->ReissuePassword(reissue);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(answer->verdict, test.verdict);
    if (answer->verdict != kReissued) {
      EXPECT_EQ(answer->row_number, 0);
      EXPECT_EQ(account.Known(), before);
      EXPECT_TRUE(account.Erase().value());
      continue;
    }
    EXPECT_EQ(answer->row_number, account.row().number);
    const ClientRecord record = *account.Record();
    EXPECT_TRUE(record.pending);
    EXPECT_EQ(record.credential_set_by, account.Facts()->credential_set_by);
    EXPECT_EQ(record.password_expires_at, reissue.password_expires_at);
    EXPECT_EQ(record.update_time, clock_.Now());
    EXPECT_EQ(record.consecutive_failures, 0) << "a new password unlocks";
    const AccountFacts facts = *account.Facts();
    EXPECT_TRUE(facts.credential_generated);
    EXPECT_EQ(facts.used, facts_before->used) << "what was used stays used";
    EXPECT_FALSE(facts.profile_changed);
    EXPECT_EQ(facts.credential_set_by,
              test.import == Of::kTheImport ? facts.created_by : std::nullopt);
    EXPECT_EQ(account.SignIn()->credential, reissue.credential.phc());
    EXPECT_FALSE(account.Activate(account.credential()).value()) << "the old one is void";
    EXPECT_TRUE(account.Activate(reissue.credential.phc()).value());
    EXPECT_TRUE(account.Erase().value());
  }
}

// Row 1 of one import made the client, row 7 of another gave the password.
TEST_P(IdentityStoreSuite, AReissueAnswersTheRowThatItIsAbout) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  EXPECT_EQ(account.Record()->credential_set_by,
            (RowReference{account.import().key().import_id, 1}));
  TestImport other = NewImport(With(ExistingAccount::kReissuePending));
  other.SettleOne({.number = 7, .email_address = account.row().email_address});
  const Uuid other_id = other.key().import_id;
  EXPECT_EQ(account.Record()->credential_set_by, (RowReference{other_id, 7}));
  for (const auto& clients :
       {store_->ListClients(organization,
                            {.import_id = {}, .pending = {}, .password_import_id = other_id},
                            std::nullopt, 10),
        store_->ListClients(organization, {}, std::nullopt, 10)}) {
    EXPECT_EQ(clients->records.at(0).credential_set_by, (RowReference{other_id, 7}));
  }
  EXPECT_EQ(account.Reissue({.import_id = other_id})->row_number, 7);
  EXPECT_EQ(account.Record()->credential_set_by, (RowReference{other_id, 7}));
  EXPECT_EQ(account.Reissue({})->row_number, 1);
  EXPECT_FALSE(account.Record()->credential_set_by);
}

TEST_P(IdentityStoreSuite, AGivenPasswordIsReissuedAsSuch) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  Reissue reissue = account.MakeReissue({});
  reissue.credential = *MakeCredential(TestCredential::kGiven);
  ASSERT_EQ(store_->ReissuePassword(reissue)->verdict, ReissueVerdict::kReissued);
  EXPECT_FALSE(account.Facts()->credential_generated);
}

TEST_P(IdentityStoreSuite, ErasureFromEveryState) {
  for (const Life life : all_lives) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    const auto erased = account.Erase();
    ASSERT_TRUE(erased.ok()) << erased.status();
    EXPECT_TRUE(*erased);
    EXPECT_EQ(account.Known(), "") << "nothing is known of it, by id or by address";
    EXPECT_FALSE(Client(account.row().email_address));
    EXPECT_TRUE(account.Erase().value()) << "it was erased before";
    EXPECT_EQ(account.Reissue({.reset_active = true})->verdict, ReissueVerdict::kNotFound);
    EXPECT_FALSE(account.Activate(account.credential()).value());
  }
  EXPECT_THAT(store_->ListClients(organization, {}, std::nullopt, 100)->records, IsEmpty());
}

TEST_P(IdentityStoreSuite, WhoNeverWasCannotBeErasedNorReissued) {
  const TestAccount account(*store_, clock_, organization, Life::kPending);
  const Uuid nobody = Uuid::NewV7(clock_.Now());
  EXPECT_FALSE(store_->EraseClient(organization, nobody, test_caller, clock_.Now()).value());
  Reissue reissue = account.MakeReissue({});
  reissue.client_id = nobody;
  EXPECT_EQ(store_->ReissuePassword(reissue)->verdict, ReissueVerdict::kNotFound);
}

TEST_P(IdentityStoreSuite, AnErasedAddressBecomesAnotherClient) {
  const TestAccount account(*store_, clock_, organization, Life::kErased);
  for (int i = 0; i < 3; ++i) {
    const RowAnswer answer = NewImport().SettleOne(account.row());
    EXPECT_EQ(answer.outcome, kCreated);
    EXPECT_NE(answer.client_id, account.client_id());
    EXPECT_EQ(Client(account.row().email_address)->client_id, answer.client_id);
    EXPECT_FALSE(account.Record());
    Erase(account.row().email_address);
  }
}

TEST_P(IdentityStoreSuite, AnotherOrganizationsIdsChangeNothing) {
  for (const Life life : {Life::kPending, Life::kActivated}) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    const std::string before = account.Known();
    const std::size_t audited = AuditOf(*store_).size();

    Activation activation = account.MakeActivation(account.credential());
    activation.organization_id = other_organization;
    EXPECT_FALSE(store_->Activate(activation).value());
    Reissue reissue = account.MakeReissue({.reset_active = true});
    reissue.organization_id = other_organization;
    EXPECT_EQ(store_->ReissuePassword(reissue)->verdict, ReissueVerdict::kNotFound);
    EXPECT_FALSE(
        store_->EraseClient(other_organization, account.client_id(), test_caller, clock_.Now())
            .value());
    EXPECT_TRUE(store_
                    ->RecordSignIn({.organization_id = other_organization,
                                    .client_id = account.client_id(),
                                    .expected_credential = account.credential(),
                                    .rehashed = MakeCredential(TestCredential::kGiven)})
                    .ok());
    const ImportKey key{other_organization, account.import().key().import_id};
    EXPECT_THAT(store_->BeginRevert(key, test_caller, clock_.Now()),
                HasReason(ErrorReason::kImportNotFound));
    EXPECT_THAT(store_->RevertClients(key, 0, 100, test_caller, clock_.Now()).status(),
                HasReason(ErrorReason::kImportNotFound));
    EXPECT_FALSE(
        store_->FindSignInAccount(other_organization, account.row().email_address)->has_value());

    EXPECT_EQ(AuditOf(*store_).size(), audited);
    Reopen();
    EXPECT_EQ(KnownOf(*store_, organization, account.client_id(), account.row().email_address),
              before);
  }
}

TEST_P(IdentityStoreSuite, WhatImportsDoToAccountsThatExist) {
  struct Expected {
    RowOutcome report, update, reissue;
  };
  const std::map<Life, Expected> by_life = {
      {Life::kPending, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kExpired, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kLocked, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kReissued, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kReissuedForImport, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kActivated, {kAlreadyExists, kUpdated, kAlreadyExists}},
      {Life::kReset, {kAlreadyExists, kUpdated, kReissued}},
      {Life::kErased, {kCreated, kCreated, kCreated}},
  };
  for (const auto& [life, expected] : by_life) {
    const std::pair<ExistingAccount, RowOutcome> outcomes[] = {
        {ExistingAccount::kReport, expected.report},
        {ExistingAccount::kUpdateProfile, expected.update},
        {ExistingAccount::kReissuePending, expected.reissue}};
    for (const auto& [policy, outcome] : outcomes) {
      SCOPED_TRACE(testing::Message() << LifeName(life) << " policy " << static_cast<int>(policy));
      const TestAccount account(*store_, clock_, organization, life);
      const auto before = account.SignIn();
      const std::string known = account.Known();
      TestImport import = NewImport(With(policy));
      const RowAnswer answer = import.SettleOne(
          {.number = 7, .email_address = account.row().email_address, .first_name = "Anna"});
      ASSERT_EQ(answer.outcome, outcome);
      const auto after = account.SignIn();
      ASSERT_TRUE(after);
      EXPECT_EQ(after->client_id, answer.client_id);
      EXPECT_EQ(answer.credential_set, outcome == kCreated || outcome == kReissued);
      switch (outcome) {
        case kAlreadyExists:
          EXPECT_EQ(account.Known(), known);
          break;
        case kUpdated:
          EXPECT_EQ(answer.client_id, account.client_id());
          EXPECT_EQ(after->credential, before->credential);
          EXPECT_EQ(after->pending, before->pending);
          EXPECT_EQ(after->used, before->used);
          EXPECT_EQ(after->password_expires_at, before->password_expires_at);
          EXPECT_EQ(account.Record()->profile.first_name, "Anna");
          EXPECT_EQ(account.Record()->consecutive_failures, life == Life::kLocked ? 3 : 0);
          break;
        case kReissued:
          EXPECT_EQ(answer.client_id, account.client_id());
          EXPECT_NE(after->credential, before->credential);
          EXPECT_TRUE(after->pending);
          EXPECT_EQ(account.Record()->profile.first_name, "Ann");
          EXPECT_EQ(account.Record()->consecutive_failures, 0);
          EXPECT_EQ(account.Facts()->credential_set_by, (RowReference{import.key().import_id, 7}));
          break;
        default:
          EXPECT_NE(answer.client_id, account.client_id());
          EXPECT_TRUE(after->pending);
      }
      Erase(account.row().email_address);
    }
  }
}

TEST_P(IdentityStoreSuite, AnAccountWhoseProfileChangedIsStillTheSame) {
  for (const Life life : {Life::kPending, Life::kActivated, Life::kReset}) {
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    TestImport update = NewImport(With(ExistingAccount::kUpdateProfile));
    update.SettleOne(
        {.number = 1, .email_address = account.row().email_address, .last_name = "Li"});
    ASSERT_EQ(account.Record()->profile.last_name, "Li");
    EXPECT_EQ(account.SignIn()->credential, account.credential());
    const bool active = life == Life::kActivated;
    EXPECT_EQ(account.Activate(account.credential()).value(), !active);
    EXPECT_EQ(account.Reissue({.reset_active = true})->verdict, ReissueVerdict::kReissued);
    EXPECT_TRUE(account.Erase().value());
    EXPECT_EQ(account.Known(), "");
  }
}

TEST_P(IdentityStoreSuite, EveryLifeIsThereAfterReopening) {
  std::map<std::string, std::pair<Uuid, std::string>> known;
  for (const Life life : all_lives) {
    const TestAccount account(*store_, clock_, organization, life);
    known[account.row().email_address] = {account.client_id(), account.Known()};
  }
  const auto audit = AuditOf(*store_).size();
  Reopen();
  for (const auto& [address, expected] : known) {
    EXPECT_EQ(KnownOf(*store_, organization, expected.first, address), expected.second) << address;
  }
  EXPECT_EQ(AuditOf(*store_).size(), audit);
}

}  // namespace
}  // namespace provisioning
