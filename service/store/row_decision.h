// SPDX-License-Identifier: Apache-2.0
// What a row is answered, given what the store holds: the rules that every
// store applies inside its transaction, and that validate_only applies without
// one. Pure.
#pragma once

#include <optional>

#include "service/store/identity_store.h"

namespace provisioning {

// What the store has to write for a row.
enum class RowAction {
  kNone,
  kCreateAccount,
  kUpdateProfile,  // To MergedProfile; leaves an effect.
  kReissue,        // The row's credential replaces the account's; leaves an effect.
  kRenewPassword,  // As kReissue, for a replay: keeps what set the credential, no new effect.
  // Nothing is settled: the row needs a credential that was not prepared. The
  // answer's outcome is the one that it gets once it has it.
  kPrepareCredential,
};

struct RowDecision {
  RowAction action = RowAction::kNone;
  RowAnswer answer;  // client_id and expiry as far as they are known before the action.
};

// The facts of a change that a row made to an account that existed.
struct RowEffect {
  RowOutcome outcome = RowOutcome::kUpdated;  // kUpdated or kReissued.
  AccountFacts account;
};

// A row above the settled row. `existing`: the organization's account with the
// row's address.
RowDecision DecideNewRow(const ImportBatch& batch, const PreparedRow& row,
                         const std::optional<AccountFacts>& existing);

// What the store holds about a row at or below the settled row.
struct ReplayFacts {
  std::optional<AccountFacts> created_by_row;  // The account that (import, row) made.
  std::optional<RowEffect> effect_of_row;      // What (import, row) changed.
  std::optional<AccountFacts> by_address;      // The account with the row's address.
};
RowDecision DecideReplay(const ImportBatch& batch, const PreparedRow& row,
                         const ReplayFacts& facts);

// The row's profile over the account's: a blank optional field keeps what is
// there.
ClientProfile MergedProfile(const ClientProfile& account, const ClientProfile& row);

}  // namespace provisioning
