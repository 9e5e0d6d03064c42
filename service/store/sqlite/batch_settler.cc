// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/batch_settler.h"

#include <utility>

#include "service/model/error.h"
#include "service/store/batch_record.h"

namespace provisioning {
namespace {

// Rows between two questions whether others wait.
constexpr int rows_per_question = 256;

}  // namespace

absl::StatusOr<BatchAnswer> BatchSettler::Settle(const ImportBatch& batch,
                                                 const MakeWay& make_way) {
  auto found = store_.FindImport(batch.key);
  if (!found.ok()) return found.status();
  auto record = BatchRecord::Begin(batch, *std::move(found));
  if (!record.ok()) return record.status();

  BatchAnswer answer;
  answer.answers.reserve(batch.rows.size());
  for (const PreparedRow& row : batch.rows) {
    const int done = static_cast<int>(answer.answers.size());
    if (done > 0 && done % rows_per_question == 0 && make_way(done)) {
      answer.stop = BatchStop::kMadeWay;
      break;
    }
    const bool is_new = record->IsNew(row);
    if (is_new && !record->takes_new_rows()) {
      answer.stop = BatchStop::kImportComplete;
      break;
    }
    const auto decision = is_new ? DecideAndApply(batch, row) : Replay(batch, row);
    if (!decision.ok()) return decision.status();
    if (decision->action == RowAction::kPrepareCredential) {
      answer.stop = BatchStop::kNeedsCredential;
      break;
    }
    record->Answer(row, *decision, answer);
  }
  if (absl::Status status = record->Finish(answer, store_); !status.ok()) return status;
  return answer;
}

absl::StatusOr<RowDecision> BatchSettler::DecideAndApply(const ImportBatch& batch,
                                                         const PreparedRow& row) {
  // Most rows are new accounts: the insert itself is the look-up.
  RowDecision decision = DecideNewRow(batch, row, std::nullopt);
  if (!row.row.accepted()) return decision;
  if (decision.action == RowAction::kCreateAccount) {
    decision.answer.client_id = client_ids_.Next(batch.now);
    const auto inserted = store_.writer().Insert(batch, row, decision.answer.client_id);
    if (!inserted.ok()) return inserted.status();
    if (*inserted) return decision;
  }
  const auto existing = store_.accounts().FindByEmail(batch.key.organization_id,
                                                      row.row.email_address(), batch.key.import_id);
  if (!existing.ok()) return existing.status();
  if (!*existing) {
    if (decision.action != RowAction::kCreateAccount) return decision;
    return MakeError(ErrorReason::kStoreUnavailable, "an address is in the key but in no account");
  }
  decision = DecideNewRow(batch, row, *existing);
  absl::Status status = Apply(batch, row, decision, &**existing);
  if (!status.ok()) return status;
  return decision;
}

absl::StatusOr<RowDecision> BatchSettler::Replay(const ImportBatch& batch, const PreparedRow& row) {
  // A fact that an earlier line of the table makes void is not looked for.
  ReplayFacts facts;
  auto created = store_.accounts().FindCreatedBy(batch.key, row.row.row_number());
  if (!created.ok()) return created.status();
  facts.created_by_row = *std::move(created);
  if (!facts.created_by_row) {
    auto effect = store_.accounts().FindEffectOf(batch.key, row.row.row_number());
    if (!effect.ok()) return effect.status();
    facts.effect_of_row = *std::move(effect);
  }
  if (!facts.created_by_row && !facts.effect_of_row && row.row.accepted()) {
    auto by_address = store_.accounts().FindByEmail(batch.key.organization_id,
                                                    row.row.email_address(), batch.key.import_id);
    if (!by_address.ok()) return by_address.status();
    facts.by_address = *std::move(by_address);
  }
  const RowDecision decision = DecideReplay(batch, row, facts);
  absl::Status status = Apply(batch, row, decision, nullptr);
  if (!status.ok()) return status;
  return decision;
}

absl::Status BatchSettler::Apply(const ImportBatch& batch, const PreparedRow& row,
                                 const RowDecision& decision, const AccountFacts* account) {
  const Uuid& client_id = decision.answer.client_id;
  absl::Status status;
  switch (decision.action) {
    case RowAction::kNone:
    case RowAction::kCreateAccount:
    case RowAction::kPrepareCredential:
      return absl::OkStatus();
    case RowAction::kRenewPassword:
      // The same row sets it again.
      return SetCredential(batch, row, client_id);
    case RowAction::kUpdateProfile:
      status = store_.writer().UpdateProfile(batch.key.organization_id, *account,
                                             MergedProfile(account->profile, row.row.profile()),
                                             batch.now);
      break;
    case RowAction::kReissue:
      status = SetCredential(batch, row, client_id);
      break;
  }
  if (!status.ok()) return status;
  return store_.writer().InsertEffect(batch, row, decision.answer);
}

absl::Status BatchSettler::SetCredential(const ImportBatch& batch, const PreparedRow& row,
                                         const Uuid& client_id) {
  return store_.writer().SetTemporaryPassword(
      batch.key.organization_id, client_id,
      {*row.credential, RowReference{batch.key.import_id, row.row.row_number()},
       batch.password_expires_at},
      batch.now);
}

}  // namespace provisioning
