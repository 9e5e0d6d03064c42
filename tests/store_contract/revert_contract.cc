// SPDX-License-Identifier: Apache-2.0
// An import that is undone: who goes, who stays and why, and what the import says
// of itself afterwards.
#include <atomic>
#include <functional>
#include <thread>

#include "service/credential/credential_factory.h"
#include "service/store/failure_key.h"
#include "tests/store_contract/identity_store_suite.h"
#include "tests/store_contract/test_account.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum RowOutcome;

class Revert {
 public:
  Revert(IdentityStore& store, const FakeClock& clock, ImportKey key)
      : store_(store), clock_(clock), key_(std::move(key)) {}

  absl::Status Begin() { return store_.BeginRevert(key_, test_caller, clock_.Now()); }
  RevertAnswer Step(std::int64_t after_row, int clients_max) {
    const auto answer =
        store_.RevertClients(key_, after_row, clients_max, test_caller, clock_.Now());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value();
  }
  // All of it, in steps; what they say together.
  RevertAnswer All(int clients_max) {
    EXPECT_TRUE(Begin().ok());
    RevertAnswer all;
    while (!all.done) {
      const RevertAnswer step = Step(all.through_row, clients_max);
      const auto seen = step.removed + static_cast<std::int64_t>(step.kept.size());
      EXPECT_LE(seen, clients_max);
      if (seen > 0) {
        EXPECT_GT(step.through_row, all.through_row);
      }
      if (!step.done) {
        EXPECT_EQ(seen, clients_max);
      }
      for (const KeptClient& kept : step.kept) {
        EXPECT_GT(kept.row_number, all.through_row);
        EXPECT_LE(kept.row_number, step.through_row);
        all.kept.push_back(kept);
      }
      all.removed += step.removed;
      all.through_row = step.through_row;
      all.done = step.done;
    }
    return all;
  }

 private:
  IdentityStore& store_;
  const FakeClock& clock_;
  const ImportKey key_;
};

std::string AddressOf(int i) { return std::to_string(i) + "@x.example"; }

// Rows with gaps between them.
std::vector<TestRow> RowsOf(int count) {
  std::vector<TestRow> rows;
  for (int i = 1; i <= count; ++i) {
    rows.push_back({.number = 3 * i, .email_address = AddressOf(i)});
  }
  return rows;
}

// What can become of a client before its import is reverted.
class Touch {
 public:
  Touch(IdentityStore& store, FakeClock& clock, TestImport& import, TestRow row)
      : store_(store), clock_(clock), import_(import), row_(std::move(row)) {}

  void Activate() const {
    const SignInAccount account = SignIn();
    EXPECT_TRUE(store_
                    .Activate({.organization_id = organization(),
                               .client_id = account.client_id,
                               .expected_credential = account.credential,
                               .credential = *MakeCredential(TestCredential::kGiven),
                               .now = clock_.Now(),
                               .caller = test_caller})
                    .value());
  }
  void Reissue(bool reset_active, std::optional<Uuid> import_id) const {
    EXPECT_EQ(store_
                  .ReissuePassword({.organization_id = organization(),
                                    .client_id = SignIn().client_id,
                                    .credential = *MakeCredential(TestCredential::kGenerated),
                                    .password_expires_at = clock_.Now() + absl::Hours(1),
                                    .reset_active = reset_active,
                                    .import_id = import_id,
                                    .now = clock_.Now(),
                                    .caller = test_caller})
                  ->verdict,
              ReissueVerdict::kReissued);
  }
  void ReissueForImport() const { Reissue(false, import_.key().import_id); }
  void ByImport(ExistingAccount policy) const {
    TestImport other(store_, clock_, organization(), With(policy));
    other.Claim();
    const RowAnswer answer = other.SettleOne(
        {.number = 1, .email_address = row_.email_address, .first_name = "Another"});
    EXPECT_TRUE(answer.outcome == kUpdated || answer.outcome == kReissued);
  }
  void LoseAnswer() const {
    EXPECT_TRUE(import_.SettleOne(row_, TestCredential::kGenerated).credential_set);
  }
  void Lock() const {
    const SignInAccount account = SignIn();
    const FailureKey key = FailureKeyOf(organization(), account.client_id, account.credential);
    for (int i = 0; i < few_failures.failures_max; ++i) {
      (void)store_.CountAttempt(key, few_failures, clock_.Now());
    }
  }
  void Erase() const {
    EXPECT_TRUE(
        store_.EraseClient(organization(), SignIn().client_id, test_caller, clock_.Now()).value());
  }

 private:
  const OrganizationId& organization() const { return import_.key().organization_id; }
  SignInAccount SignIn() const {
    return store_.FindSignInAccount(organization(), row_.email_address)->value();
  }

  IdentityStore& store_;
  FakeClock& clock_;
  TestImport& import_;
  const TestRow row_;
};

enum class Fate { kGoes, kStays, kHadGone };
struct TouchCase {
  const char* what;
  std::function<void(const Touch&)> touch;
  Fate fate;
  KeptReason reason = KeptReason::kUsed;
};
const TouchCase touches[] = {
    {"untouched", [](const Touch&) {}, Fate::kGoes},
    {"locked", [](const Touch& t) { t.Lock(); }, Fate::kGoes},
    {"activated", [](const Touch& t) { t.Activate(); }, Fate::kStays, KeptReason::kUsed},
    {"reissued by hand", [](const Touch& t) { t.Reissue(false, std::nullopt); }, Fate::kStays,
     KeptReason::kPasswordReissued},
    {"reissued for the import", [](const Touch& t) { t.ReissueForImport(); }, Fate::kGoes},
    {"the answer was lost", [](const Touch& t) { t.LoseAnswer(); }, Fate::kGoes},
    {"reissued by another import",
     [](const Touch& t) { t.ByImport(ExistingAccount::kReissuePending); }, Fate::kStays,
     KeptReason::kPasswordReissued},
    {"changed by another import",
     [](const Touch& t) { t.ByImport(ExistingAccount::kUpdateProfile); }, Fate::kStays,
     KeptReason::kProfileChanged},
    {"changed and reissued",
     [](const Touch& t) {
       t.ByImport(ExistingAccount::kUpdateProfile);
       t.Reissue(false, std::nullopt);
     },
     Fate::kStays, KeptReason::kPasswordReissued},
    {"changed, reissued and activated",
     [](const Touch& t) {
       t.ByImport(ExistingAccount::kUpdateProfile);
       t.Reissue(false, std::nullopt);
       t.Activate();
     },
     Fate::kStays, KeptReason::kUsed},
    {"reissued for the import and activated",
     [](const Touch& t) {
       t.ReissueForImport();
       t.Activate();
     },
     Fate::kStays, KeptReason::kUsed},
    {"reset",
     [](const Touch& t) {
       t.Activate();
       t.Reissue(true, std::nullopt);
     },
     Fate::kStays, KeptReason::kUsed},
    {"erased", [](const Touch& t) { t.Erase(); }, Fate::kHadGone},
};

TEST_P(IdentityStoreSuite, ARevertRemovesWhatNobodyElseTouched) {
  for (const int clients_max : {1, 2, 100}) {
    SCOPED_TRACE(clients_max);
    TestImport import = NewImport();
    const std::vector<TestRow> rows = RowsOf(std::size(touches));
    const auto made = import.Settle(rows);
    std::vector<KeptClient> kept;
    std::int64_t removed = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SCOPED_TRACE(touches[i].what);
      touches[i].touch(Touch(*store_, clock_, import, rows[i]));
      if (touches[i].fate == Fate::kGoes) ++removed;
      if (touches[i].fate != Fate::kStays) continue;
      kept.push_back({rows[i].number, made[i].client_id, rows[i].email_address, touches[i].reason});
    }
    std::vector<std::string> before;
    for (const KeptClient& client : kept) {
      before.push_back(KnownOf(*store_, organization, client.client_id, client.email_address));
    }
    clock_.Advance(absl::Hours(1));

    const RevertAnswer answer = Revert(*store_, clock_, import.key()).All(clients_max);
    EXPECT_EQ(answer.removed, removed);
    ASSERT_EQ(answer.kept.size(), kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      EXPECT_EQ(answer.kept[i], kept[i]) << kept[i].email_address;
      EXPECT_EQ(KnownOf(*store_, organization, kept[i].client_id, kept[i].email_address),
                before[i]);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (touches[i].fate == Fate::kStays) continue;
      EXPECT_EQ(KnownOf(*store_, organization, made[i].client_id, rows[i].email_address), "")
          << touches[i].what;
    }
    const ImportRecord record = import.Record();
    EXPECT_EQ(record.state, ImportState::kReverted);
    EXPECT_EQ(record.reverted_clients, removed);
    EXPECT_EQ(record.rows[kCreated], static_cast<std::int64_t>(rows.size()));
    EXPECT_EQ(record.update_time, clock_.Now());
    for (const KeptClient& client : kept) Erase(client.email_address);
  }
}

TEST_P(IdentityStoreSuite, AnImportedHashIsKeptOnceSomebodyHasSignedIn) {
  const CredentialFactory factory(HashCost{.memory_kib = 8, .iterations = 1});
  TestImport import = NewImport();
  std::vector<PreparedRow> rows;
  for (const TestRow& row : RowsOf(3)) {
    rows.push_back(Prepare(row, TestCredential::kNone));
    rows.back().credential = factory.HashLasting(SecretString("from another product"));
  }
  ASSERT_TRUE(import.Commit(import.MakeBatch(std::move(rows))).ok());
  for (const int signed_in : {2, 3}) {
    const auto account = store_->FindSignInAccount(organization, AddressOf(signed_in)).value();
    EXPECT_TRUE(store_
                    ->RecordSignIn({.organization_id = organization,
                                    .client_id = account->client_id,
                                    .expected_credential = account->credential,
                                    .rehashed = std::nullopt})
                    .ok());
  }
  Reopen();
  import.set_store(*store_);
  // A new password for the import does not undo that.
  Touch(*store_, clock_, import, RowsOf(3)[2]).Reissue(true, import.key().import_id);
  const RevertAnswer answer = Revert(*store_, clock_, import.key()).All(100);
  EXPECT_EQ(answer.removed, 1);
  ASSERT_EQ(answer.kept.size(), 2u);
  EXPECT_EQ(answer.kept[0].reason, KeptReason::kUsed);
  EXPECT_EQ(answer.kept[1].reason, KeptReason::kUsed);
  EXPECT_FALSE(Client(AddressOf(1)));
}

TEST_P(IdentityStoreSuite, ARevertLeavesWhatTheImportOnlyChanged) {
  NewImport().Settle(RowsOf(2));
  for (const ExistingAccount policy :
       {ExistingAccount::kUpdateProfile, ExistingAccount::kReissuePending}) {
    TestImport import = NewImport(With(policy));
    import.Settle({{.number = 1, .email_address = AddressOf(1), .first_name = "Anna"},
                   {.number = 2,
                    .email_address = "new@x.example" }});
    const auto before = Account(AddressOf(1));
    const RevertAnswer answer = Revert(*store_, clock_, import.key()).All(1);
    EXPECT_EQ(answer.removed, 1);
    EXPECT_THAT(answer.kept, IsEmpty());
    EXPECT_FALSE(Client("new@x.example"));
    EXPECT_EQ(Account(AddressOf(1))->profile, before->profile);
    EXPECT_EQ(Account(AddressOf(1))->password_expires_at, before->password_expires_at);
  }
}

TEST_P(IdentityStoreSuite, NobodyIsErasedBeforeTheRevertHasBegun) {
  TestImport import = NewImport();
  import.Settle(RowsOf(2));
  const ImportRecord before = import.Record();
  EXPECT_THAT(store_->RevertClients(import.key(), 0, 10, test_caller, clock_.Now()).status(),
              HasReason(ErrorReason::kImportNotFound));
  EXPECT_TRUE(Client(AddressOf(1)));
  EXPECT_EQ(import.Record().state, before.state);
  EXPECT_EQ(import.Record().reverted_clients, 0);
}

TEST_P(IdentityStoreSuite, AnEmptyImportIsRevertedAtOnce) {
  TestImport import = NewImport();
  ASSERT_TRUE(Revert(*store_, clock_, import.key()).Begin().ok());
  const RevertAnswer answer = Revert(*store_, clock_, import.key()).Step(0, 1);
  EXPECT_TRUE(answer.done);
  EXPECT_EQ(answer.removed, 0);
  EXPECT_EQ(import.Record().state, ImportState::kReverted);
}

TEST_P(IdentityStoreSuite, ARevertGoesOnWhereItWasBrokenOff) {
  for (const bool from_the_start : {false, true}) {
    SCOPED_TRACE(from_the_start);
    TestImport import = NewImport();
    import.Settle(RowsOf(7));
    Use(AddressOf(2));
    ASSERT_TRUE(Revert(*store_, clock_, import.key()).Begin().ok());
    EXPECT_EQ(import.Record().state, ImportState::kReverting);
    const RevertAnswer first = Revert(*store_, clock_, import.key()).Step(0, 3);
    EXPECT_EQ(first.removed, 2);
    EXPECT_EQ(first.through_row, 9);
    EXPECT_FALSE(first.done);
    EXPECT_EQ(import.Record().state, ImportState::kReverting);
    EXPECT_EQ(import.Record().reverted_clients, 2);

    Reopen();
    import.set_store(*store_);
    EXPECT_EQ(import.Record().state, ImportState::kReverting);
    Revert revert(*store_, clock_, import.key());
    ASSERT_TRUE(revert.Begin().ok());
    const RevertAnswer rest = revert.Step(from_the_start ? 0 : first.through_row, 100);
    EXPECT_EQ(rest.removed, 4);
    EXPECT_EQ(rest.kept.size(), from_the_start ? 1u : 0u);
    EXPECT_TRUE(rest.done);
    EXPECT_EQ(import.Record().state, ImportState::kReverted);
    EXPECT_EQ(import.Record().reverted_clients, 6);
    Erase(AddressOf(2));
  }
}

TEST_P(IdentityStoreSuite, ARevertTwiceIsTheSame) {
  TestImport import = NewImport();
  import.Settle(RowsOf(4));
  Use(AddressOf(1));
  const RevertAnswer first = Revert(*store_, clock_, import.key()).All(2);
  const RevertAnswer second = Revert(*store_, clock_, import.key()).All(2);
  EXPECT_EQ(first.removed, 3);
  EXPECT_EQ(second.removed, 0);
  EXPECT_EQ(second.kept, first.kept);
  EXPECT_EQ(import.Record().state, ImportState::kReverted);
  EXPECT_EQ(import.Record().reverted_clients, 3);
}

TEST_P(IdentityStoreSuite, ARevertTakesTheImportFromItsStream) {
  for (const bool complete : {false, true}) {
    TestImport import = NewImport();
    import.Settle(RowsOf(2));
    if (complete) import.Complete();
    Revert revert(*store_, clock_, import.key());
    const std::int64_t epoch = import.Record().stream_count;
    ASSERT_TRUE(revert.Begin().ok());
    EXPECT_GT(import.Record().stream_count, epoch);
    for (const bool ended : {false, true}) {
      if (ended) (void)revert.Step(0, 100);
      const ImportRecord before = import.Record();
      for (const TestRow& row :
           {RowsOf(1)[0], TestRow{.number = 90, .email_address = "new@x.example"}}) {
        std::vector<PreparedRow> rows;
        rows.push_back(Prepare(row, TestCredential::kGenerated));
        EXPECT_THAT(import.Commit(import.MakeBatch(std::move(rows))).status(),
                    HasReason(ErrorReason::kTakenOver));
      }
      for (const std::optional<std::int64_t> answered :
           {std::optional<std::int64_t>(), std::optional<std::int64_t>(0),
            std::optional<std::int64_t>(6)}) {
        EXPECT_THAT(import.TryClaim(answered).status(), HasReason(ErrorReason::kImportReverted));
      }
      EXPECT_EQ(import.Record().stream_count, before.stream_count);
      EXPECT_EQ(import.Record().settled_through_row, before.settled_through_row);
    }
    EXPECT_FALSE(Client("new@x.example"));
    EXPECT_FALSE(Client(AddressOf(1)));
  }
}

TEST_P(IdentityStoreSuite, ARevertedAddressMayBeImportedAnew) {
  TestImport import = NewImport();
  const RowAnswer made = import.SettleOne(RowsOf(1)[0]);
  EXPECT_EQ(Revert(*store_, clock_, import.key()).All(100).removed, 1);
  const RowAnswer remade = NewImport().SettleOne(RowsOf(1)[0]);
  EXPECT_EQ(remade.outcome, kCreated);
  EXPECT_NE(remade.client_id, made.client_id);
  EXPECT_EQ(Revert(*store_, clock_, import.key()).All(100).removed, 0) << "it is another's now";
  EXPECT_TRUE(Client(AddressOf(1)));
}

TEST_P(IdentityStoreSuite, AnUnknownImportCannotBeReverted) {
  Revert revert(*store_, clock_, {organization, Uuid::NewV7(clock_.Now())});
  EXPECT_THAT(revert.Begin(), HasReason(ErrorReason::kImportNotFound));
  EXPECT_THAT(store_
                  ->RevertClients({organization, Uuid::NewV7(clock_.Now())}, 0, 1, test_caller,
                                  clock_.Now())
                  .status(),
              HasReason(ErrorReason::kImportNotFound));
  EXPECT_THAT(AuditOf(*store_), IsEmpty());
}

TEST_P(IdentityStoreSuite, ARevertIsOfOneOrganization) {
  TestImport import = NewImport();
  import.Settle(RowsOf(2));
  ImportClaim claim = import.MakeClaim();
  claim.key.organization_id = other_organization;
  auto batch = import.MakeBatch({});
  batch->key = claim.key;
  batch->epoch = store_->ClaimImport(claim)->epoch;
  batch->rows.push_back(Prepare(RowsOf(1)[0], TestCredential::kGenerated));
  ASSERT_TRUE(CommitAndWait(*store_, batch).ok());
  EXPECT_EQ(Revert(*store_, clock_, import.key()).All(100).removed, 2);
  EXPECT_TRUE(store_->GetClientByEmail(other_organization, AddressOf(1))->has_value());
  EXPECT_EQ(store_->GetImport(claim.key)->value().state, ImportState::kOpen);
}

TEST_P(IdentityStoreSuite, ARevertBesideARunningStreamLeavesNothing) {
  TestImport import = NewImport();
  std::atomic<int> committed = 0;
  std::atomic<bool> taken_over = false;
  std::thread stream([&] {
    for (int number = 1; !taken_over; ++number) {
      std::vector<PreparedRow> rows;
      rows.push_back(Prepare({.number = number, .email_address = AddressOf(number)},
                             TestCredential::kGenerated));
      const auto answer = import.Commit(import.MakeBatch(std::move(rows)));
      if (answer.ok()) {
        ++committed;
      } else {
        EXPECT_THAT(answer.status(), HasReason(ErrorReason::kTakenOver));
        taken_over = true;
      }
    }
  });
  while (committed < 20) std::this_thread::yield();
  const RevertAnswer answer = Revert(*store_, clock_, import.key()).All(7);
  stream.join();
  EXPECT_EQ(answer.removed, committed);
  EXPECT_EQ(import.Record().rows[kCreated], committed);
  EXPECT_THAT(store_->ListClients(organization, {}, std::nullopt, 100)->records, IsEmpty());
}

}  // namespace
}  // namespace provisioning
