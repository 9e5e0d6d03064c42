// SPDX-License-Identifier: Apache-2.0
#include "service/account/account_core.h"

#include <utility>

#include "service/model/error.h"
#include "service/rules/email_address.h"
#include "service/rules/new_password.h"
#include "service/rules/password.h"
#include "service/rules/row_report.h"

namespace provisioning {
namespace {

absl::Status NoMemory() {
  return MakeError(ErrorReason::kOverloaded, "there is no memory to hash a password; try again");
}

bool IsExpired(const SignInAccount& account, absl::Time now) {
  return account.pending && now >= account.password_expires_at;
}

// The row that a rejected password would have been about, as the store says it of
// one that was set: of the import in question the one that set the one before, or
// the one that made the client.
std::int64_t RowOf(const ReissueRequest& request) {
  const auto& row =
      request.import_id ? request.client.credential_set_by : request.client.created_by;
  if (!row || (request.import_id && row->import_id != *request.import_id)) return 0;
  return row->row_number;
}

// Nothing: it was done.
std::optional<absl::Status> ErrorOf(ReissueVerdict verdict) {
  switch (verdict) {
    case ReissueVerdict::kReissued:
      return std::nullopt;
    case ReissueVerdict::kNotFound:
      return MakeError(ErrorReason::kClientNotFound, "the organization has no such client");
    case ReissueVerdict::kActive:
      return MakeError(ErrorReason::kClientActive,
                       "the client has a password of their own; it is only reset when that is "
                       "asked for (reset_active)");
    case ReissueVerdict::kPasswordReplaced:
      return MakeError(ErrorReason::kPasswordReplaced,
                       "the client's temporary password was not set by this import");
  }
  return absl::InternalError("unknown verdict");
}

}  // namespace

AccountCore::AccountCore(IdentityStore& store, const CredentialFactory& factory, const Clock& clock,
                         const AccountOptions& options)
    : store_(store),
      factory_(factory),
      clock_(clock),
      options_(options),
      check_(store, factory, clock, options.failures) {}

absl::StatusOr<ActivateAnswer> AccountCore::Activate(const SignInRequest& request,
                                                     const SecretString& new_password) const {
  ActivateAnswer answer;
  NewPassword chosen = CheckNewPassword(new_password, request.password, request.email_address,
                                        options_.new_password_characters_min);
  if (!chosen.violations.empty()) {
    answer.outcome = ActivateOutcome::kPasswordRefused;
    answer.violations = std::move(chosen.violations);
    return answer;
  }
  auto checked = check_.Check(request.organization_id, request.email_address, request.password,
                              request.caller);
  if (!checked.ok()) return checked.status();
  if (checked->verdict != CheckedPassword::Verdict::kRight) {
    const bool locked = checked->verdict == CheckedPassword::Verdict::kLocked;
    answer.outcome = locked ? ActivateOutcome::kLocked : ActivateOutcome::kWrong;
    return answer;
  }
  const SignInAccount& account = *checked->account;
  const absl::Time now = clock_.Now();
  if (!account.pending || IsExpired(account, now)) {
    answer.outcome = account.pending ? ActivateOutcome::kExpired : ActivateOutcome::kAlreadyActive;
    return answer;
  }
  std::optional<Credential> credential = factory_.HashLasting(chosen.text);
  if (!credential) return NoMemory();
  const auto activated = store_.Activate({.organization_id = request.organization_id,
                                          .client_id = account.client_id,
                                          .expected_credential = account.credential,
                                          .credential = *std::move(credential),
                                          .now = now,
                                          .caller = request.caller});
  if (!activated.ok()) return activated.status();
  // Somebody else has used or replaced the password since it was looked at.
  if (!*activated) return answer;
  answer.outcome = ActivateOutcome::kActivated;
  answer.client_id = account.client_id;
  return answer;
}

absl::StatusOr<VerifyAnswer> AccountCore::VerifyPassword(const SignInRequest& request) const {
  const auto checked = check_.Check(request.organization_id, request.email_address,
                                    request.password, request.caller);
  if (!checked.ok()) return checked.status();
  VerifyAnswer answer;
  if (checked->verdict != CheckedPassword::Verdict::kRight) {
    const bool locked = checked->verdict == CheckedPassword::Verdict::kLocked;
    answer.outcome = locked ? VerifyOutcome::kLocked : VerifyOutcome::kWrong;
    return answer;
  }
  const SignInAccount& account = *checked->account;
  answer.client_id = account.client_id;
  if (account.pending) {
    answer.outcome =
        IsExpired(account, clock_.Now()) ? VerifyOutcome::kExpired : VerifyOutcome::kMustActivate;
    return answer;
  }
  answer.outcome = VerifyOutcome::kOk;
  if (absl::Status status = NoteSignIn(request, *checked); !status.ok()) return status;
  return answer;
}

// The first sign-in of an account whose hash was imported, which nobody may take
// for unused after it was answered; and one whose hash is not as dear as those of
// today, for which there will be another sign-in.
absl::Status AccountCore::NoteSignIn(const SignInRequest& request,
                                     const CheckedPassword& checked) const {
  const SignInAccount& account = *checked.account;
  std::optional<Credential> rehashed;
  if (factory_.NeedsRehash(account.credential, checked.password.size())) {
    rehashed = factory_.HashLasting(checked.password);
  }
  if (account.used && !rehashed) return absl::OkStatus();
  absl::Status status = store_.RecordSignIn({.organization_id = request.organization_id,
                                             .client_id = account.client_id,
                                             .expected_credential = account.credential,
                                             .rehashed = std::move(rehashed)});
  return account.used ? absl::OkStatus() : status;
}

absl::StatusOr<RowResult> AccountCore::ReissuePassword(ReissueRequest request) const {
  if (request.ttl < options_.temporary_password_ttl_min) {
    return TtlTooShort(options_.temporary_password_ttl_min);
  }
  const ClientRecord& client = request.client;
  RowResult result;
  result.email_address = client.email_address;
  result.client_id = client.client_id;
  std::optional<Credential> credential = HashedPassword(request, result);
  if (!result.violations.empty()) {
    result.outcome = RowOutcome::kRejected;
    result.row_number = RowOf(request);
    return result;
  }
  if (!credential) return NoMemory();
  const absl::Time now = clock_.Now();
  const auto reissued = store_.ReissuePassword({.organization_id = client.organization_id,
                                                .client_id = client.client_id,
                                                .credential = *std::move(credential),
                                                .password_expires_at = now + request.ttl,
                                                .reset_active = request.reset_active,
                                                .import_id = request.import_id,
                                                .now = now,
                                                .caller = request.caller});
  if (!reissued.ok()) return reissued.status();
  if (const auto error = ErrorOf(reissued->verdict)) return *error;
  result.row_number = reissued->row_number;
  result.outcome = RowOutcome::kReissued;
  // As it will be read.
  result.password_expires_at = absl::FromUnixMicros(absl::ToUnixMicros(now + request.ttl));
  return result;
}

// Also a generated one, which goes into the result. Nothing without violations:
// there is no memory.
std::optional<Credential> AccountCore::HashedPassword(ReissueRequest& request,
                                                      RowResult& result) const {
  if (request.password.empty()) {
    CredentialFactory::Generated generated = factory_.Generate();
    result.temporary_password = std::move(generated.password);
    return std::move(generated.credential);
  }
  const ClientRecord& client = request.client;
  RowReport report(request.password, result.violations, result.warnings);
  const SecretString password = CheckPassword(
      request.password, /*required=*/true, limits::password_characters_min,
      {LocalPartOf(client.email_address), client.profile.first_name, client.profile.last_name},
      report);
  for (auto* issues : {&result.violations, &result.warnings}) {
    for (FieldIssue& issue : *issues) issue.field = "temporary_password";
  }
  if (!result.violations.empty()) return std::nullopt;
  return factory_.Hash(password);
}

}  // namespace provisioning
