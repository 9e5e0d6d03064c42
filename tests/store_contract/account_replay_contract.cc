// SPDX-License-Identifier: Apache-2.0
// What a row that is sent again is answered after its account has lived on: the
// account stays as it is, and what has gone stays gone.
#include <functional>
#include <random>
#include <set>

#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"
#include "tests/support/random_seed.h"

namespace provisioning {
namespace {

using enum RowOutcome;

constexpr TestCredential answer_lost = TestCredential::kGenerated;
constexpr TestCredential answer_held = TestCredential::kNone;

// What a replay can still say of a password.
enum class Password { kRenewed, kNotRepeatable, kNone };

TEST_P(IdentityStoreSuite, ACreatedRowIsAnsweredAgainInEveryState) {
  struct Case {
    Life life;
    RowOutcome outcome;
    bool expiry_told;  // The password is still the row's.
    Password if_lost;
  };
  const Case cases[] = {
      {Life::kPending, kCreated, true, Password::kRenewed},
      {Life::kExpired, kCreated, true, Password::kRenewed},
      {Life::kLocked, kCreated, true, Password::kRenewed},
      {Life::kReissued, kCreated, false, Password::kNotRepeatable},
      {Life::kReissuedForImport, kCreated, true, Password::kRenewed},
      {Life::kActivated, kCreated, false, Password::kNotRepeatable},
      {Life::kReset, kCreated, false, Password::kNotRepeatable},
      {Life::kErased, kConflictingReplay, false, Password::kNone},
  };
  for (const Case& test : cases) {
    for (const bool complete : {false, true}) {
      SCOPED_TRACE(testing::Message() << LifeName(test.life) << " complete " << complete);
      TestAccount account(*store_, clock_, organization, test.life);
      if (complete) account.import().Complete();
      const std::string before = account.Known();
      const auto record = account.Record();

      account.import().Claim();
      const RowAnswer held = account.import().SettleOne(account.row(), answer_held);
      EXPECT_TRUE(held.replayed);
      EXPECT_EQ(held.outcome, test.outcome);
      EXPECT_EQ(held.client_id, record ? account.client_id() : Uuid());
      EXPECT_FALSE(held.credential_set);
      EXPECT_FALSE(held.password_not_repeatable);
      EXPECT_EQ(held.password_expires_at,
                test.expiry_told ? record->password_expires_at : absl::InfinitePast());
      EXPECT_EQ(account.Known(), before);

      account.import().Claim(0);
      const RowAnswer lost = account.import().SettleOne(account.row(), answer_lost);
      EXPECT_TRUE(lost.replayed);
      EXPECT_EQ(lost.outcome, test.outcome);
      EXPECT_EQ(lost.client_id, held.client_id);
      EXPECT_EQ(lost.credential_set, test.if_lost == Password::kRenewed);
      EXPECT_EQ(lost.password_not_repeatable, test.if_lost == Password::kNotRepeatable);
      if (test.if_lost == Password::kRenewed) {
        EXPECT_GT(lost.password_expires_at, clock_.Now());
        EXPECT_EQ(account.Record()->password_expires_at, lost.password_expires_at);
        EXPECT_EQ(account.Record()->consecutive_failures, 0);
        EXPECT_NE(account.SignIn()->credential, account.credential());
      } else {
        EXPECT_EQ(lost.password_expires_at, absl::InfinitePast());
        EXPECT_EQ(account.Known(), before);
      }
      (void)account.Erase();
    }
  }
}

TEST_P(IdentityStoreSuite, AReissuedRowIsAnsweredAgainAfterEverything) {
  struct Case {
    const char* what;
    std::function<void(const TestAccount&, const Uuid& reissue)> change;
    RowOutcome outcome;
    Password if_lost;
  };
  const auto nothing = [](const TestAccount&, const Uuid&) {};
  const auto by_hand = [](const TestAccount& account, const Uuid&) { (void)account.Reissue({}); };
  const auto for_it = [](const TestAccount& account, const Uuid& reissue) {
    EXPECT_EQ(account.Reissue({.import_id = reissue})->verdict, ReissueVerdict::kReissued);
  };
  const auto activate = [](const TestAccount& account, const Uuid&) {
    EXPECT_TRUE(account.Activate(account.SignIn()->credential).value());
  };
  const auto reset = [&](const TestAccount& account, const Uuid& reissue) {
    activate(account, reissue);
    EXPECT_EQ(account.Reissue({.reset_active = true})->verdict, ReissueVerdict::kReissued);
  };
  const auto by_another = [this](const TestAccount& account, const Uuid&) {
    NewImport(With(ExistingAccount::kReissuePending)).SettleOne(account.row());
  };
  const auto erase = [](const TestAccount& account, const Uuid&) { (void)account.Erase(); };
  const auto lock = [](const TestAccount& account, const Uuid&) { account.Lock(); };
  const Case cases[] = {
      {"nothing", nothing, kReissued, Password::kRenewed},
      {"locked", lock, kReissued, Password::kRenewed},
      {"reissued by hand", by_hand, kReissued, Password::kNotRepeatable},
      {"reissued for the import", for_it, kReissued, Password::kRenewed},
      {"activated", activate, kReissued, Password::kNotRepeatable},
      {"reset", reset, kReissued, Password::kNotRepeatable},
      {"reissued by another import", by_another, kReissued, Password::kNotRepeatable},
      {"erased", erase, kConflictingReplay, Password::kNone},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.what);
    TestAccount account(*store_, clock_, organization, Life::kPending);
    TestImport import = NewImport(With(ExistingAccount::kReissuePending));
    TestRow row = account.row();
    row.number = 4;
    ASSERT_EQ(import.SettleOne(row).outcome, kReissued);
    test.change(account, import.key().import_id);
    const std::string before = account.Known();

    const RowAnswer held = import.SettleOne(row, answer_held);
    EXPECT_EQ(held.outcome, test.outcome);
    EXPECT_FALSE(held.credential_set || held.password_not_repeatable);
    EXPECT_EQ(account.Known(), before);
    const RowAnswer lost = import.SettleOne(row, answer_lost);
    EXPECT_EQ(lost.outcome, test.outcome);
    EXPECT_EQ(lost.credential_set, test.if_lost == Password::kRenewed);
    EXPECT_EQ(lost.password_not_repeatable, test.if_lost == Password::kNotRepeatable);
    if (!lost.credential_set) {
      EXPECT_EQ(account.Known(), before);
    }
    (void)account.Erase();
  }
}

TEST_P(IdentityStoreSuite, AnUpdatedRowIsAnsweredAgainInEveryState) {
  for (const Life life : all_lives) {
    if (life == Life::kErased) continue;
    SCOPED_TRACE(LifeName(life));
    const TestAccount account(*store_, clock_, organization, life);
    TestImport import = NewImport(With(ExistingAccount::kUpdateProfile));
    TestRow row = account.row();
    row.first_name = "Anna";
    ASSERT_EQ(import.SettleOne(row).outcome, kUpdated);
    const std::string before = account.Known();
    for (const TestCredential credential : {answer_held, answer_lost}) {
      const RowAnswer answer = import.SettleOne(row, credential);
      EXPECT_EQ(answer.outcome, kUpdated);
      EXPECT_EQ(answer.client_id, account.client_id());
      EXPECT_FALSE(answer.credential_set || answer.password_not_repeatable);
      EXPECT_EQ(account.Known(), before);
    }
    EXPECT_TRUE(account.Erase().value());
    EXPECT_EQ(import.SettleOne(row, answer_lost).outcome, kConflictingReplay);
    EXPECT_EQ(account.Known(), "");
  }
}

// Rows that wrote nothing know an account only by its address.
TEST_P(IdentityStoreSuite, RowsAboutAnErasedClientConflict) {
  const TestAccount existing(*store_, clock_, organization, Life::kPending);
  TestImport import = NewImport();
  const std::vector<TestRow> rows = {{.number = 1, .email_address = "a@x.example"},
                                     {.number = 2, .email_address = "a@x.example"},
                                     {.number = 3, .email_address = existing.row().email_address}};
  EXPECT_EQ(Outcomes(import.Settle(rows)), (std::vector{kCreated, kDuplicateRow, kAlreadyExists}));
  Erase("a@x.example");
  EXPECT_TRUE(existing.Erase().value());
  for (const TestRow& row : rows) {
    EXPECT_EQ(import.SettleOne(row, answer_lost).outcome, kConflictingReplay) << row.number;
  }
  EXPECT_FALSE(Client("a@x.example"));
  EXPECT_FALSE(Client(existing.row().email_address));
}

TEST_P(IdentityStoreSuite, AnErasedClientOfTheSameImportIsMadeAnewByALaterRowOnly) {
  TestImport import = NewImport();
  const TestRow row = {.number = 1, .email_address = "a@x.example"};
  const Uuid first = import.SettleOne(row).client_id;
  Erase("a@x.example");
  const RowAnswer later = import.SettleOne({.number = 9, .email_address = "a@x.example"});
  EXPECT_EQ(later.outcome, kCreated);
  EXPECT_NE(later.client_id, first);
  const std::string before = KnownOf(*store_, organization, later.client_id, "a@x.example");
  EXPECT_EQ(import.SettleOne(row, answer_lost).outcome, kConflictingReplay);
  EXPECT_EQ(KnownOf(*store_, organization, later.client_id, "a@x.example"), before);
}

TEST_P(IdentityStoreSuite, AnErasedAddressOfAnotherImportIsAnsweredAsItsClient) {
  const TestAccount account(*store_, clock_, organization, Life::kErased);
  const RowAnswer remade = NewImport().SettleOne(account.row());
  ASSERT_EQ(remade.outcome, kCreated);
  const std::string before = KnownOf(*store_, organization, remade.client_id, "erased@x.example");
  for (const TestCredential credential : {answer_held, answer_lost}) {
    const RowAnswer answer = account.import().SettleOne(account.row(), credential);
    EXPECT_EQ(answer.outcome, kAlreadyExists);
    EXPECT_EQ(answer.client_id, remade.client_id);
    EXPECT_FALSE(answer.credential_set);
  }
  EXPECT_EQ(KnownOf(*store_, organization, remade.client_id, "erased@x.example"), before);
}

// Imports, clients and support, all at once and in any order.
class RandomLife {
 public:
  RandomLife(IdentityStore& store, FakeClock& clock, const OrganizationId& organization_id,
             std::uint64_t seed)
      : store_(store), clock_(clock), organization_id_(organization_id), random_(seed) {
    const ExistingAccount policies[] = {ExistingAccount::kReport, ExistingAccount::kUpdateProfile,
                                        ExistingAccount::kReissuePending};
    for (const ExistingAccount policy : policies) {
      imports_.push_back({TestImport(store, clock, organization_id, With(policy)), {}});
      imports_.back().import.Claim();
    }
  }

  void Step() {
    clock_.Advance(absl::Seconds(1));
    switch (Below(6)) {
      case 0:
      case 1:
        return SendNewRow();
      case 2:
      case 3:
        return SendAgain();
      case 4:
        return LiveOn();
      default:
        return EraseSomebody();
    }
  }

  std::int64_t replays() const { return replays_; }

 private:
  struct Sent {
    TestImport import;
    std::vector<TestRow> rows;
  };

  int Below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  std::string Address() { return std::to_string(Below(6)) + "@x.example"; }

  // All that is known of all clients, and of nobody else.
  std::string Everything() {
    std::string all;
    const auto page = store_.ListClients(organization_id_, {}, std::nullopt, 1000);
    for (const ClientRecord& client : page.value().records) {
      EXPECT_FALSE(erased_.contains(client.client_id.ToString())) << "an erased client is back";
      all += KnownOf(store_, organization_id_, client.client_id, client.email_address);
    }
    return all;
  }

  void SendNewRow() {
    Sent& sent = imports_[Below(static_cast<int>(imports_.size()))];
    sent.rows.push_back({.number = static_cast<std::int64_t>(sent.rows.size()) + 1,
                         .email_address = Address(),
                         .first_name = Below(2) == 0 ? "Ann" : "Anna"});
    sent.import.SettleOne(sent.rows.back());
    (void)Everything();
  }

  void SendAgain() {
    Sent& sent = imports_[Below(static_cast<int>(imports_.size()))];
    if (sent.rows.empty()) return;
    const TestRow& row = sent.rows[Below(static_cast<int>(sent.rows.size()))];
    const std::string before = Everything();
    const RowAnswer answer = sent.import.SettleOne(row, Below(2) == 0 ? answer_held : answer_lost);
    EXPECT_TRUE(answer.replayed);
    EXPECT_EQ(Everything() == before, !answer.credential_set);
    ++replays_;
  }

  void LiveOn() {
    const auto account = store_.FindSignInAccount(organization_id_, Address()).value();
    if (!account) return;
    if (account->pending && Below(2) == 0) {
      EXPECT_TRUE(store_
                      .Activate({.organization_id = organization_id_,
                                 .client_id = account->client_id,
                                 .expected_credential = account->credential,
                                 .credential = *MakeCredential(TestCredential::kGiven),
                                 .now = clock_.Now(),
                                 .caller = test_caller})
                      .value());
      return;
    }
    EXPECT_EQ(store_
                  .ReissuePassword({.organization_id = organization_id_,
                                    .client_id = account->client_id,
                                    .credential = *MakeCredential(TestCredential::kGenerated),
                                    .password_expires_at = clock_.Now(),
                                    .reset_active = true,
                                    .import_id = {},
                                    .now = clock_.Now(),
                                    .caller = test_caller})
                  ->verdict,
              ReissueVerdict::kReissued);
  }

  void EraseSomebody() {
    const auto client = store_.GetClientByEmail(organization_id_, Address()).value();
    if (!client) return;
    EXPECT_TRUE(
        store_.EraseClient(organization_id_, client->client_id, test_caller, clock_.Now()).value());
    erased_.insert(client->client_id.ToString());
  }

  IdentityStore& store_;
  FakeClock& clock_;
  const OrganizationId organization_id_;
  std::mt19937_64 random_;
  std::vector<Sent> imports_;
  std::set<std::string> erased_;
  std::int64_t replays_ = 0;
};

TEST_P(IdentityStoreSuite, NoReplayInAnyOrderMakesChangesOrResurrects) {
  const std::uint64_t seed = RandomSeed();
  SCOPED_TRACE("SEED=" + std::to_string(seed));
  RandomLife life(*store_, clock_, organization, seed);
  for (int step = 0; step < 400 && !HasFailure(); ++step) life.Step();
  EXPECT_GT(life.replays(), 40);
}

}  // namespace
}  // namespace provisioning
