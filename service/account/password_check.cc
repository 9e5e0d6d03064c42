// SPDX-License-Identifier: Apache-2.0
#include "service/account/password_check.h"

#include <cstdlib>
#include <utility>

#include "service/model/error.h"
#include "service/rules/opaque_string.h"
#include "service/rules/row_rules.h"
#include "service/store/failure_key.h"

namespace provisioning {
namespace {

Credential MakeDummy(const CredentialFactory& factory) {
  std::optional<Credential> dummy = factory.Hash(factory.Generate().password);
  // There is no memory for a single hash: nothing can work here.
  if (!dummy) std::abort();
  return *std::move(dummy);
}

}  // namespace

PasswordCheck::PasswordCheck(IdentityStore& store, const CredentialFactory& factory,
                             const Clock& clock, const FailureLimits& limits)
    : store_(store),
      clock_(clock),
      limits_(limits),
      dummy_(MakeDummy(factory)),
      dummy_generated_(factory.Generate().credential) {}

absl::StatusOr<CheckedPassword> PasswordCheck::Check(const OrganizationId& organization_id,
                                                     std::string_view email_address,
                                                     const SecretString& password,
                                                     const Caller& caller) const {
  using Verdict = CheckedPassword::Verdict;
  // What no client can have is looked for all the same.
  const std::string address =
      StoredEmailAddress(email_address).value_or(std::string(email_address));
  auto account = store_.FindSignInAccount(organization_id, address);
  if (!account.ok()) return account.status();
  const FailureKey key = KeyOf(organization_id, address, *account);
  const absl::Time now = clock_.Now();
  const auto attempt = store_.CountAttempt(key, limits_, now);
  if (!attempt.ok()) return attempt.status();
  if (attempt->verdict == AttemptAnswer::Verdict::kLocked) {
    return CheckedPassword{.verdict = Verdict::kLocked, .account = {}, .password = {}};
  }
  if (attempt->verdict == AttemptAnswer::Verdict::kTooEarly) {
    return MakeWaitError(ErrorReason::kTooManyFailures,
                         "too many wrong passwords for this address lately; try again later",
                         attempt->retry_after);
  }
  SecretString right = RightForm(*account, password);
  if (right.empty()) {
    if (*account && attempt->failures == limits_.failures_max) {
      store_.RecordLocked(organization_id, (*account)->client_id, caller, now);
    }
    return CheckedPassword{.verdict = Verdict::kWrong, .account = {}, .password = {}};
  }
  if (absl::Status status = store_.ForgetFailures(key); !status.ok()) return status;
  return CheckedPassword{
      .verdict = Verdict::kRight, .account = *std::move(account), .password = std::move(right)};
}

// Makes both keys, whichever is wanted: they take time, too.
FailureKey PasswordCheck::KeyOf(const OrganizationId& organization_id, const std::string& address,
                                const std::optional<SignInAccount>& account) const {
  const FailureKey known = FailureKeyOf(organization_id, account ? account->client_id : Uuid(),
                                        account ? account->credential : dummy_.phc());
  const FailureKey unknown = UnknownFailureKey(organization_id, address);
  return account ? known : unknown;
}

// A slow hash and a quick one, of which one counts.
bool PasswordCheck::IsRight(const std::optional<SignInAccount>& account,
                            const SecretString& form) const {
  const std::string_view credential = account ? account->credential : dummy_.phc();
  const bool generated = IsGeneratedCredential(credential);
  const bool slow = VerifyCredential(generated ? dummy_.phc() : credential, form);
  const bool quick = VerifyCredential(generated ? credential : dummy_generated_.phc(), form);
  return account && (generated ? quick : slow);
}

SecretString PasswordCheck::RightForm(const std::optional<SignInAccount>& account,
                                      const SecretString& password) const {
  OpaqueString prepared = PrepareOpaqueString(password.Reveal());
  SecretString form = prepared.ok() ? std::move(prepared.text) : password.Clone();
  if (IsRight(account, form)) return form;
  // Another product may have hashed what was typed, unprepared.
  if (form.Reveal() != password.Reveal() && IsRight(account, password) && !account->pending) {
    return password.Clone();
  }
  return SecretString();
}

}  // namespace provisioning
