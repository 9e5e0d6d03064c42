// SPDX-License-Identifier: Apache-2.0
#include "tests/store_contract/test_account.h"

#include <sstream>
#include <utility>

#include "service/store/failure_key.h"

namespace provisioning {
namespace {

std::string Text(const std::optional<RowReference>& reference) {
  if (!reference) return "-";
  return reference->import_id.ToString() + "/" + std::to_string(reference->row_number);
}

void Write(std::ostream& out, const ClientProfile& profile) {
  out << profile.first_name << '|' << profile.last_name << '|' << profile.birthdate << '|'
      << static_cast<int>(profile.gender) << '\n';
}

}  // namespace

const char* LifeName(Life life) {
  switch (life) {
    case Life::kPending:
      return "pending";
    case Life::kExpired:
      return "expired";
    case Life::kLocked:
      return "locked";
    case Life::kReissued:
      return "reissued";
    case Life::kReissuedForImport:
      return "reissued-for-import";
    case Life::kActivated:
      return "activated";
    case Life::kReset:
      return "reset";
    case Life::kErased:
      return "erased";
  }
  return "";
}

std::string KnownOf(IdentityStore& store, const OrganizationId& organization_id,
                    const Uuid& client_id, const std::string& email_address) {
  std::ostringstream out;
  if (const auto record = store.GetClient(organization_id, client_id).value()) {
    out << record->client_id.ToString() << '|' << record->email_address << '|' << record->pending
        << '|' << record->create_time << '|' << record->update_time << '|'
        << Text(record->created_by) << '|' << Text(record->credential_set_by) << '|'
        << record->password_expires_at << '|' << record->consecutive_failures << '\n';
    Write(out, record->profile);
  }
  const std::string addresses[] = {email_address};
  if (const auto facts =
          store.FindAccounts(organization_id, addresses, std::nullopt).value().at(0)) {
    out << facts->client_id.ToString() << '|' << facts->pending << '|' << facts->used << '|'
        << facts->profile_changed << '|' << Text(facts->credential_set_by) << '|'
        << facts->credential_generated << '|' << facts->password_expires_at << '\n';
    Write(out, facts->profile);
  }
  if (const auto account = store.FindSignInAccount(organization_id, email_address).value()) {
    out << account->client_id.ToString() << '|' << account->credential << '|' << account->pending
        << '|' << account->used << '|' << account->password_expires_at << '\n';
  }
  return out.str();
}

std::vector<AuditRecord> AuditOf(IdentityStore& store) {
  return store.ListAudit(0, 100'000).value().records;
}

TestAccount::TestAccount(IdentityStore& store, FakeClock& clock,
                         const OrganizationId& organization_id, Life life)
    : store_(store),
      clock_(clock),
      organization_id_(organization_id),
      row_{.number = 1, .email_address = std::string(LifeName(life)) + "@x.example"},
      import_(store, clock, organization_id) {
  import_.Claim();
  client_id_ = import_.SettleOne(row_).client_id;
  ReadCredential();
  clock_.Advance(absl::Minutes(1));
  BringTo(life);
  clock_.Advance(absl::Minutes(1));
}

void TestAccount::BringTo(Life life) {
  switch (life) {
    case Life::kPending:
      return;
    case Life::kExpired:
      return clock_.Set(Record()->password_expires_at);
    case Life::kLocked:
      return Lock();
    case Life::kReissued:
      EXPECT_EQ(Reissue({})->verdict, ReissueVerdict::kReissued);
      break;
    case Life::kReissuedForImport:
      EXPECT_EQ(Reissue({.import_id = import_.key().import_id})->verdict,
                ReissueVerdict::kReissued);
      break;
    case Life::kActivated:
      EXPECT_TRUE(Activate(credential_).value());
      break;
    case Life::kReset:
      EXPECT_TRUE(Activate(credential_).value());
      EXPECT_EQ(Reissue({.reset_active = true})->verdict, ReissueVerdict::kReissued);
      break;
    case Life::kErased:
      EXPECT_TRUE(Erase().value());
      return;
  }
  ReadCredential();
}

void TestAccount::ReadCredential() { credential_ = SignIn()->credential; }

Activation TestAccount::MakeActivation(const std::string& expected_credential) const {
  return {.organization_id = organization_id_,
          .client_id = client_id_,
          .expected_credential = expected_credential,
          .credential = *MakeCredential(TestCredential::kGiven),
          .now = clock_.Now(),
          .caller = test_caller};
}

absl::StatusOr<bool> TestAccount::Activate(const std::string& expected_credential) const {
  return store_.Activate(MakeActivation(expected_credential));
}

provisioning::Reissue TestAccount::MakeReissue(const ReissueOptions& options) const {
  return {.organization_id = organization_id_,
          .client_id = client_id_,
          .credential = *MakeCredential(TestCredential::kGenerated),
          .password_expires_at = clock_.Now() + absl::Hours(5),
          .reset_active = options.reset_active,
          .import_id = options.import_id,
          .now = clock_.Now(),
          .caller = test_caller};
}

absl::StatusOr<ReissueAnswer> TestAccount::Reissue(const ReissueOptions& options) const {
  return store_.ReissuePassword(MakeReissue(options));
}

absl::StatusOr<bool> TestAccount::Erase() const {
  return store_.EraseClient(organization_id_, client_id_, test_caller, clock_.Now());
}

void TestAccount::Lock() const {
  const FailureKey key = FailureKeyOf(organization_id_, client_id_, SignIn()->credential);
  for (int i = 0; i < few_failures.failures_max; ++i) {
    EXPECT_EQ(store_.CountAttempt(key, few_failures, clock_.Now())->verdict,
              AttemptAnswer::Verdict::kCounted);
  }
  EXPECT_EQ(store_.CountAttempt(key, few_failures, clock_.Now())->verdict,
            AttemptAnswer::Verdict::kLocked);
}

std::optional<ClientRecord> TestAccount::Record() const {
  return store_.GetClient(organization_id_, client_id_).value();
}

std::optional<AccountFacts> TestAccount::Facts() const {
  const std::string addresses[] = {row_.email_address};
  return store_.FindAccounts(organization_id_, addresses, std::nullopt).value().at(0);
}

std::optional<SignInAccount> TestAccount::SignIn() const {
  return store_.FindSignInAccount(organization_id_, row_.email_address).value();
}

}  // namespace provisioning
