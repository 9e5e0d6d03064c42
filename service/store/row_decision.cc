// SPDX-License-Identifier: Apache-2.0
#include "service/store/row_decision.h"

namespace provisioning {
namespace {

RowDecision Answer(RowOutcome outcome, const Uuid& client_id = Uuid()) {
  RowDecision decision;
  decision.answer.outcome = outcome;
  decision.answer.client_id = client_id;
  return decision;
}

RowDecision Duplicate(const AccountFacts& account, std::int64_t first_row_number) {
  RowDecision decision = Answer(RowOutcome::kDuplicateRow, account.client_id);
  decision.answer.first_row_number = first_row_number;
  return decision;
}

RowDecision PasswordMissing() {
  RowDecision decision = Answer(RowOutcome::kRejected);
  decision.answer.password_missing = true;
  return decision;
}

RowDecision SetCredential(RowAction action, RowOutcome outcome, const Uuid& client_id,
                          absl::Time expires_at) {
  RowDecision decision = Answer(outcome, client_id);
  decision.action = action;
  decision.answer.credential_set = true;
  decision.answer.password_expires_at = expires_at;
  return decision;
}

// The row itself has no password, and the import makes none.
bool NoPasswordToBeHad(const ImportBatch& batch, const PreparedRow& row) {
  return !row.row.has_password() && batch.missing_password == MissingPassword::kReject;
}

// A new row that needs a credential for `action`.
RowDecision WithCredential(const ImportBatch& batch, const PreparedRow& row, RowAction action,
                           RowOutcome outcome, const Uuid& client_id) {
  if (row.credential) {
    return SetCredential(
        action, outcome, client_id,
        row.credential->temporary() ? batch.password_expires_at : absl::InfinitePast());
  }
  if (NoPasswordToBeHad(batch, row)) return PasswordMissing();
  RowDecision decision = Answer(outcome, client_id);
  decision.action = RowAction::kPrepareCredential;
  return decision;
}

// What its hash stands for is no temporary password, and replaces none.
bool BringsLasting(const PreparedRow& row) {
  return row.row.imported_hash() || (row.credential && !row.credential->temporary());
}

RowDecision UpdateProfile(const PreparedRow& row, const AccountFacts& existing) {
  if (MergedProfile(existing.profile, row.row.profile()) == existing.profile) {
    return Answer(RowOutcome::kAlreadyExists, existing.client_id);
  }
  RowDecision decision = Answer(RowOutcome::kUpdated, existing.client_id);
  decision.action = RowAction::kUpdateProfile;
  return decision;
}

RowReference Reference(const ImportBatch& batch, const PreparedRow& row) {
  return {batch.key.import_id, row.row.row_number()};
}

// The row of the batch's import that made or changed the account; 0: none did.
std::int64_t RowBehind(const ImportBatch& batch, const AccountFacts& account) {
  const auto& maker = account.created_by;
  if (maker && maker->import_id == batch.key.import_id) return maker->row_number;
  return account.changed_by_row;
}

// A row that set the account's credential, once, is answered again.
RowDecision RepeatCredential(const ImportBatch& batch, const PreparedRow& row, RowOutcome outcome,
                             const AccountFacts& account) {
  const bool answer_lost = row.credential && row.credential->generated();
  const bool set_by_row = account.credential_set_by == Reference(batch, row);
  const bool current = account.pending && set_by_row;
  if (answer_lost && current && account.credential_generated) {
    return SetCredential(RowAction::kRenewPassword, outcome, account.client_id,
                         batch.password_expires_at);
  }
  RowDecision decision = Answer(outcome, account.client_id);
  if (current) decision.answer.password_expires_at = account.password_expires_at;
  // A row that breaks a rule by now has lost the password, or the hash, that it
  // brought.
  const bool brought = set_by_row && !account.credential_generated && !row.row.accepted();
  decision.answer.password_not_repeatable = answer_lost && !row.row.has_password() && !brought;
  return decision;
}

RowDecision RepeatCreated(const ImportBatch& batch, const PreparedRow& row,
                          const AccountFacts& account) {
  if (account.email_address != row.row.email_address()) {
    return Answer(RowOutcome::kConflictingReplay);
  }
  // Once somebody has changed the profile, it says nothing about the row.
  if (!account.profile_changed && account.profile != row.row.profile()) {
    return Answer(RowOutcome::kConflictingReplay);
  }
  return RepeatCredential(batch, row, RowOutcome::kCreated, account);
}

RowDecision RepeatEffect(const ImportBatch& batch, const PreparedRow& row,
                         const RowEffect& effect) {
  if (effect.account.email_address != row.row.email_address()) {
    return Answer(RowOutcome::kConflictingReplay);
  }
  if (effect.outcome == RowOutcome::kReissued) {
    return RepeatCredential(batch, row, effect.outcome, effect.account);
  }
  return Answer(effect.outcome, effect.account.client_id);
}

// A row that, as far as the store knows, made and changed nothing.
RowDecision RepeatWithoutEffect(const ImportBatch& batch, const PreparedRow& row,
                                const std::optional<AccountFacts>& by_address) {
  if (!row.row.accepted()) return Answer(RowOutcome::kRejected);
  const std::int64_t row_behind = by_address ? RowBehind(batch, *by_address) : 0;
  if (by_address && row_behind == 0) {
    return Answer(RowOutcome::kAlreadyExists, by_address->client_id);
  }
  if (by_address && row_behind < row.row.row_number()) return Duplicate(*by_address, row_behind);
  // Without an account to update, such a row was, and is, against the rules.
  if (NoPasswordToBeHad(batch, row)) return PasswordMissing();
  return Answer(RowOutcome::kConflictingReplay);
}

RowDecision DecideReplayedRow(const ImportBatch& batch, const PreparedRow& row,
                              const ReplayFacts& facts) {
  if (facts.created_by_row) return RepeatCreated(batch, row, *facts.created_by_row);
  if (facts.effect_of_row) return RepeatEffect(batch, row, *facts.effect_of_row);
  return RepeatWithoutEffect(batch, row, facts.by_address);
}

}  // namespace

RowDecision DecideNewRow(const ImportBatch& batch, const PreparedRow& row,
                         const std::optional<AccountFacts>& existing) {
  if (!row.row.accepted()) return Answer(RowOutcome::kRejected);
  if (!existing) {
    return WithCredential(batch, row, RowAction::kCreateAccount, RowOutcome::kCreated, Uuid());
  }
  const Uuid& client_id = existing->client_id;
  const std::int64_t row_behind = RowBehind(batch, *existing);
  if (row_behind != 0) return Duplicate(*existing, row_behind);
  switch (batch.existing_account) {
    case ExistingAccount::kReport:
      break;
    case ExistingAccount::kUpdateProfile:
      return UpdateProfile(row, *existing);
    case ExistingAccount::kReissuePending:
      if (!existing->pending || BringsLasting(row)) break;
      return WithCredential(batch, row, RowAction::kReissue, RowOutcome::kReissued, client_id);
  }
  return Answer(RowOutcome::kAlreadyExists, client_id);
}

RowDecision DecideReplay(const ImportBatch& batch, const PreparedRow& row,
                         const ReplayFacts& facts) {
  RowDecision decision = DecideReplayedRow(batch, row, facts);
  decision.answer.replayed = true;
  return decision;
}

ClientProfile MergedProfile(const ClientProfile& account, const ClientProfile& row) {
  ClientProfile merged = row;
  if (merged.birthdate == 0) merged.birthdate = account.birthdate;
  if (merged.gender == 0) merged.gender = account.gender;
  return merged;
}

}  // namespace provisioning
