// SPDX-License-Identifier: Apache-2.0
// Every line of the two tables.
#include "service/store/row_decision.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/store_contract/test_rows.h"

namespace provisioning {
namespace {

using enum RowAction;
using enum RowOutcome;
using TestCredential::kGenerated;
using TestCredential::kGiven;

constexpr std::int64_t row_number = 10;
const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
const absl::Time old_expiry = now + absl::Hours(1);
const absl::Time new_expiry = now + absl::Hours(100);
const Uuid this_import = *Uuid::Parse("00000000-0000-4000-8000-000000000001");
const Uuid other_import = *Uuid::Parse("00000000-0000-4000-8000-000000000002");
const Uuid client_id = *Uuid::Parse("00000000-0000-7000-8000-00000000000c");

ImportBatch Batch(ExistingAccount policy = ExistingAccount::kReport,
                  MissingPassword missing_password = MissingPassword::kGenerate) {
  return {.key = {Organization("clinic-1"), this_import},
          .epoch = 1,
          .missing_password = missing_password,
          .existing_account = policy,
          .now = now,
          .password_expires_at = new_expiry,
          .rows = {}};
}

TestRow Row() { return {.number = row_number, .email_address = "a@x.example"}; }
TestRow RowWithPassword() {
  TestRow row = Row();
  row.password = "correct horse";
  return row;
}

TestRow RowWithHash() {
  TestRow row = Row();
  row.password_hash = test_hash;
  return row;
}

// An account of another import, pending, with a generated password.
AccountFacts Account() {
  return {.client_id = client_id,
          .email_address = "a@x.example",
          .profile = {"Ann", "Lee", 0, 0},
          .pending = true,
          .created_by = RowReference{other_import, 1},
          .profile_changed = false,
          .credential_set_by = RowReference{other_import, 1},
          .credential_generated = true,
          .password_expires_at = old_expiry,
          .changed_by_row = 0};
}
AccountFacts AccountMadeBy(std::int64_t row) {
  AccountFacts account = Account();
  account.created_by = account.credential_set_by = RowReference{this_import, row};
  return account;
}
AccountFacts AccountChangedBy(std::int64_t row) {
  AccountFacts account = Account();
  account.changed_by_row = row;
  return account;
}

struct NewRowCase {
  const char* what;
  ExistingAccount policy;
  MissingPassword missing_password;
  TestRow row;
  TestCredential credential;
  std::optional<AccountFacts> existing;
  RowAction action;
  RowOutcome outcome;
  std::int64_t first_row_number = 0;
  bool password_missing = false;
};

TEST(DecideNewRow, FollowsItsTable) {
  using enum ExistingAccount;
  using enum MissingPassword;
  const auto unchanged_but = [](auto change) {
    AccountFacts account = Account();
    change(account);
    return account;
  };
  const AccountFacts active = unchanged_but([](AccountFacts& a) { a.pending = false; });
  const AccountFacts other_name =
      unchanged_but([](AccountFacts& a) { a.profile.first_name = "Anna"; });
  const AccountFacts with_gender = unchanged_but([](AccountFacts& a) { a.profile.gender = 'F'; });
  const AccountFacts no_import = unchanged_but([](AccountFacts& a) { a.created_by.reset(); });
  const NewRowCase cases[] = {
      {"against the rules",
       kReport,
       kGenerate,
       RejectedRow(10),
       kGenerated,
       {},
       RowAction::kNone,
       kRejected},
      {"against the rules, account there", kReissuePending, kGenerate, RejectedRow(10), kGenerated,
       Account(), RowAction::kNone, kRejected},

      {"new, generated", kReport, kGenerate, Row(), kGenerated, {}, kCreateAccount, kCreated},
      {"new, given", kReport, kReject, RowWithPassword(), kGiven, {}, kCreateAccount, kCreated},
      {"new, not hashed",
       kReport,
       kReject,
       RowWithPassword(),
       TestCredential::kNone,
       {},
       kPrepareCredential,
       kCreated},
      {"new, not generated",
       kUpdateProfile,
       kGenerate,
       Row(),
       TestCredential::kNone,
       {},
       kPrepareCredential,
       kCreated},
      {"new, no password",
       kUpdateProfile,
       kReject,
       Row(),
       TestCredential::kNone,
       {},
       RowAction::kNone,
       kRejected,
       0,
       true},

      {"made by this import", kReport, kGenerate, Row(), kGenerated, AccountMadeBy(4),
       RowAction::kNone, kDuplicateRow, 4},
      {"made by this import, update", kUpdateProfile, kGenerate, Row(), kGenerated,
       AccountMadeBy(4), RowAction::kNone, kDuplicateRow, 4},
      {"made by this import, reissue", kReissuePending, kGenerate, Row(), kGenerated,
       AccountMadeBy(4), RowAction::kNone, kDuplicateRow, 4},
      {"changed by this import", kUpdateProfile, kGenerate, Row(), kGenerated, AccountChangedBy(5),
       RowAction::kNone, kDuplicateRow, 5},

      {"report", kReport, kGenerate, Row(), kGenerated, other_name, RowAction::kNone,
       kAlreadyExists},
      {"report, made by no import", kReport, kGenerate, Row(), kGenerated, no_import,
       RowAction::kNone, kAlreadyExists},
      {"report, no password", kReport, kReject, Row(), TestCredential::kNone, Account(),
       RowAction::kNone, kAlreadyExists},
      {"update, differs", kUpdateProfile, kReject, Row(), TestCredential::kNone, other_name,
       RowAction::kUpdateProfile, kUpdated},
      {"update, active account", kUpdateProfile, kGenerate, Row(), kGenerated, active,
       RowAction::kNone, kAlreadyExists},
      {"update, same", kUpdateProfile, kGenerate, Row(), kGenerated, Account(), RowAction::kNone,
       kAlreadyExists},
      {"update, blank cell", kUpdateProfile, kGenerate, Row(), kGenerated, with_gender,
       RowAction::kNone, kAlreadyExists},
      {"reissue, generated", kReissuePending, kGenerate, Row(), kGenerated, Account(), kReissue,
       kReissued},
      {"reissue, given", kReissuePending, kReject, RowWithPassword(), kGiven, Account(), kReissue,
       kReissued},
      {"reissue, not hashed", kReissuePending, kReject, RowWithPassword(), TestCredential::kNone,
       Account(), kPrepareCredential, kReissued},
      {"reissue, no password", kReissuePending, kReject, Row(), TestCredential::kNone, Account(),
       RowAction::kNone, kRejected, 0, true},
      {"reissue, active", kReissuePending, kGenerate, Row(), kGenerated, active, RowAction::kNone,
       kAlreadyExists},
  };
  for (const NewRowCase& test : cases) {
    SCOPED_TRACE(test.what);
    const auto [action, answer] = DecideNewRow(Batch(test.policy, test.missing_password),
                                               Prepare(test.row, test.credential), test.existing);
    EXPECT_EQ(action, test.action);
    EXPECT_EQ(answer.outcome, test.outcome);
    EXPECT_EQ(answer.first_row_number, test.first_row_number);
    EXPECT_EQ(answer.password_missing, test.password_missing);
    EXPECT_FALSE(answer.replayed);
    EXPECT_FALSE(answer.password_not_repeatable);
    const bool names_account = test.existing && test.outcome != kRejected;
    EXPECT_EQ(answer.client_id, names_account ? client_id : Uuid());
    const bool sets = action == kCreateAccount || action == kReissue;
    EXPECT_EQ(answer.credential_set, sets);
    EXPECT_EQ(answer.password_expires_at, sets ? new_expiry : absl::InfinitePast());
  }
}

TEST(DecideNewRow, AHashMakesAnAccountWithoutAnEnd) {
  const auto [action, answer] =
      DecideNewRow(Batch(ExistingAccount::kReissuePending, MissingPassword::kReject),
                   Prepare(RowWithHash(), TestCredential::kImported), std::nullopt);
  EXPECT_EQ(action, kCreateAccount);
  EXPECT_EQ(answer.outcome, kCreated);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_EQ(answer.password_expires_at, absl::InfinitePast());
}

TEST(DecideNewRow, AHashNeverReplacesACredential) {
  AccountFacts active = Account();
  active.pending = false;
  AccountFacts other_name = Account();
  other_name.profile.first_name = "Anna";
  struct Case {
    ExistingAccount policy;
    AccountFacts existing;
    RowAction action;
    RowOutcome outcome;
  };
  using enum ExistingAccount;
  for (const Case& test :
       {Case{kReport, Account(), RowAction::kNone, kAlreadyExists},
        Case{kReissuePending, Account(), RowAction::kNone, kAlreadyExists},
        Case{kReissuePending, active, RowAction::kNone, kAlreadyExists},
        Case{kUpdateProfile, Account(), RowAction::kNone, kAlreadyExists},
        Case{kUpdateProfile, other_name, RowAction::kUpdateProfile, kUpdated},
        Case{kReissuePending, AccountMadeBy(4), RowAction::kNone, kDuplicateRow}}) {
    for (const TestCredential credential : {TestCredential::kImported, TestCredential::kNone}) {
      const auto [action, answer] =
          DecideNewRow(Batch(test.policy), Prepare(RowWithHash(), credential), test.existing);
      EXPECT_EQ(action, test.action);
      EXPECT_EQ(answer.outcome, test.outcome);
      EXPECT_FALSE(answer.credential_set);
      EXPECT_EQ(answer.client_id, client_id);
    }
  }
}

struct ReplayCase {
  const char* what;
  TestRow row;
  TestCredential credential;  // Generated: the caller says that the answer was lost.
  ReplayFacts facts;
  RowAction action;
  RowOutcome outcome;
  std::int64_t first_row_number = 0;
  absl::Time expires_at = absl::InfinitePast();
  bool not_repeatable = false;
};

ReplayFacts Made(const std::function<void(AccountFacts&)>& change = [](AccountFacts&) {}) {
  ReplayFacts facts;
  facts.created_by_row = AccountMadeBy(row_number);
  change(*facts.created_by_row);
  return facts;
}

ReplayFacts Changed(
    RowOutcome outcome, const std::function<void(AccountFacts&)>& change = [](AccountFacts&) {}) {
  ReplayFacts facts;
  facts.effect_of_row = RowEffect{outcome, AccountChangedBy(row_number)};
  if (outcome == kReissued) {
    facts.effect_of_row->account.credential_set_by = RowReference{this_import, row_number};
  }
  change(facts.effect_of_row->account);
  return facts;
}

ReplayFacts ByAddress(const AccountFacts& account) {
  ReplayFacts facts;
  facts.by_address = account;
  return facts;
}

void ExpectReplay(const ReplayCase& test, const ImportBatch& batch) {
  SCOPED_TRACE(test.what);
  const auto [action, answer] = DecideReplay(batch, Prepare(test.row, test.credential), test.facts);
  EXPECT_TRUE(answer.replayed);
  EXPECT_EQ(action, test.action);
  EXPECT_EQ(answer.outcome, test.outcome);
  EXPECT_EQ(answer.first_row_number, test.first_row_number);
  EXPECT_EQ(answer.password_expires_at, test.expires_at);
  EXPECT_EQ(answer.credential_set, action == kRenewPassword);
  EXPECT_EQ(answer.password_not_repeatable, test.not_repeatable);
  const bool names_account = test.outcome != kRejected && test.outcome != kConflictingReplay;
  EXPECT_EQ(answer.client_id, names_account ? client_id : Uuid());
}

constexpr TestCredential held = TestCredential::kNone;
constexpr TestCredential lost = TestCredential::kGenerated;
constexpr RowAction nothing = RowAction::kNone;

TEST(DecideReplay, FollowsItsTable) {
  TestRow other_address = Row();
  other_address.email_address = "b@x.example";
  TestRow other_name = Row();
  other_name.first_name = "Anna";
  const auto changed = [](AccountFacts& a) { a.profile_changed = true; };
  const auto now_broken = [](const TestRow& row) {
    TestRow broken = row;
    broken.last_name = "";
    return broken;
  };
  const ReplayCase cases[] = {
      {"made", Row(), held, Made(), nothing, kCreated, 0, old_expiry},
      {"made, other address", other_address, held, Made(), nothing, kConflictingReplay},
      {"made, other profile", other_name, held, Made(), nothing, kConflictingReplay},
      {"made, changed since", other_name, held, Made(changed), nothing, kCreated, 0, old_expiry},
      {"made, changed since, other address", other_address, held, Made(changed), nothing,
       kConflictingReplay},
      {"made, a rule is stricter now", now_broken(Row()), held,
       Made([](AccountFacts& a) { a.profile.last_name = ""; }), nothing, kCreated, 0, old_expiry},

      {"updated", other_name, held, Changed(kUpdated), nothing, kUpdated},
      {"updated, other address", other_address, held, Changed(kUpdated), nothing,
       kConflictingReplay},
      {"reissued", Row(), held, Changed(kReissued), nothing, kReissued, 0, old_expiry},
      {"reissued, other address", other_address, held, Changed(kReissued), nothing,
       kConflictingReplay},

      {"against the rules", RejectedRow(row_number), held, {}, nothing, kRejected},
      {"against the rules, account there", now_broken(Row()), held, ByAddress(Account()), nothing,
       kRejected},
      {"made by an earlier row", Row(), held, ByAddress(AccountMadeBy(9)), nothing, kDuplicateRow,
       9},
      {"changed by an earlier row", Row(), held, ByAddress(AccountChangedBy(8)), nothing,
       kDuplicateRow, 8},
      {"made by a later row", Row(), held, ByAddress(AccountMadeBy(11)), nothing,
       kConflictingReplay},
      {"changed by a later row", Row(), held, ByAddress(AccountChangedBy(11)), nothing,
       kConflictingReplay},
      {"of somebody else", Row(), held, ByAddress(Account()), nothing, kAlreadyExists},
      {"nothing", Row(), held, {}, nothing, kConflictingReplay},
      {"nothing, answer lost", Row(), lost, {}, nothing, kConflictingReplay},
  };
  for (const ReplayCase& test : cases) ExpectReplay(test, Batch());
}

TEST(DecideReplay, RenewsALostPasswordOnlyWhileItIsTheCurrentOne) {
  const auto used = [](AccountFacts& a) { a.pending = false; };
  const auto replaced = [](AccountFacts& a) {
    a.credential_set_by = RowReference{other_import, 3};
  };
  const auto replaced_by_own_row = [](AccountFacts& a) {
    a.credential_set_by = RowReference{this_import, 11};
  };
  const auto by_nobody = [](AccountFacts& a) { a.credential_set_by.reset(); };
  const auto given = [](AccountFacts& a) { a.credential_generated = false; };
  const ReplayCase cases[] = {
      {"lost", Row(), lost, Made(), kRenewPassword, kCreated, 0, new_expiry},
      {"lost, reissued", Row(), lost, Changed(kReissued), kRenewPassword, kReissued, 0, new_expiry},
      {"held, used", Row(), held, Made(used), nothing, kCreated},
      {"lost, used", Row(), lost, Made(used), nothing, kCreated, 0, absl::InfinitePast(), true},
      {"held, replaced", Row(), held, Made(replaced), nothing, kCreated},
      {"lost, replaced", Row(), lost, Made(replaced), nothing, kCreated, 0, absl::InfinitePast(),
       true},
      {"lost, replaced by another row of the import", Row(), lost, Made(replaced_by_own_row),
       nothing, kCreated, 0, absl::InfinitePast(), true},
      {"lost, set by no row", Row(), lost, Made(by_nobody), nothing, kCreated, 0,
       absl::InfinitePast(), true},
      {"lost, reissued, replaced", Row(), lost, Changed(kReissued, replaced), nothing, kReissued, 0,
       absl::InfinitePast(), true},
      {"lost, given", RowWithPassword(), lost, Made(given), nothing, kCreated, 0, old_expiry},
      {"lost, given and used", RowWithPassword(), lost, Made(used), nothing, kCreated},
      {"lost, given, and not sent again", Row(), lost, Made(given), nothing, kCreated, 0,
       old_expiry, true},
      {"a given password is no fresh one", RowWithPassword(), kGiven, Made(), nothing, kCreated, 0,
       old_expiry},
      {"lost, updated", Row(), lost, Changed(kUpdated), nothing, kUpdated},
      {"lost, of somebody else", Row(), lost, ByAddress(Account()), nothing, kAlreadyExists},
  };
  for (const ReplayCase& test : cases) ExpectReplay(test, Batch());
}

TEST(DecideReplay, OfAHashNothingIsRenewedAndNothingIsLost) {
  const auto lasting = [](AccountFacts& a) {
    a.pending = false;
    a.credential_generated = false;
    a.password_expires_at = absl::InfinitePast();
  };
  const auto broken = [&lasting](AccountFacts& a) {
    lasting(a);
    a.profile.last_name = "";
  };
  TestRow now_broken = RowWithHash();
  now_broken.last_name = "";
  const ReplayCase cases[] = {
      {"held", RowWithHash(), held, Made(lasting), nothing, kCreated},
      {"lost", RowWithHash(), lost, Made(lasting), nothing, kCreated},
      {"lost, a rule is stricter now", now_broken, lost, Made(broken), nothing, kCreated},
      {"nothing", RowWithHash(), held, {}, nothing, kConflictingReplay},
      {"made by a later row", RowWithHash(), held, ByAddress(AccountMadeBy(11)), nothing,
       kConflictingReplay},
  };
  for (const MissingPassword missing : {MissingPassword::kReject, MissingPassword::kGenerate}) {
    for (const ReplayCase& test : cases) {
      ExpectReplay(test, Batch(ExistingAccount::kUpdateProfile, missing));
    }
  }
}

// Such a row could only ever have been REJECTED.
TEST(DecideReplay, ARowWithoutPasswordStaysRejected) {
  const ImportBatch batch = Batch(ExistingAccount::kUpdateProfile, MissingPassword::kReject);
  for (const ReplayFacts& facts : {ReplayFacts(), ByAddress(AccountMadeBy(11))}) {
    const auto [action, answer] = DecideReplay(batch, Prepare(Row(), held), facts);
    EXPECT_EQ(answer.outcome, kRejected);
    EXPECT_TRUE(answer.password_missing);
    EXPECT_TRUE(answer.replayed);
    EXPECT_EQ(action, nothing);
  }
}

TEST(MergedProfile, ABlankOptionalFieldKeepsWhatIsThere) {
  const ClientProfile account = {"Ann", "Lee", 19810203, 'F'};
  EXPECT_EQ(MergedProfile(account, {"Anna", "Li", 0, 0}),
            (ClientProfile{"Anna", "Li", 19810203, 'F'}));
  EXPECT_EQ(MergedProfile(account, {"Ann", "Lee", 19810204, 'M'}),
            (ClientProfile{"Ann", "Lee", 19810204, 'M'}));
}

}  // namespace
}  // namespace provisioning
