// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/batch_settler.h"

#include <utility>

#include "service/model/error.h"
#include "service/store/sqlite/claim_arbiter.h"

namespace provisioning {
namespace {

// Rows between two questions whether others wait.
constexpr int rows_per_question = 256;

// The first answer says what a replay will read.
absl::Time StoredTime(absl::Time time) {
  if (time == absl::InfinitePast()) return time;
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace

absl::StatusOr<std::unique_ptr<BatchSettler>> BatchSettler::Prepare(const Connection& connection) {
  auto accounts = AccountTable::Prepare(connection);
  if (!accounts.ok()) return accounts.status();
  auto writer = AccountWriter::Prepare(connection);
  if (!writer.ok()) return writer.status();
  auto imports = ImportTable::Prepare(connection);
  if (!imports.ok()) return imports.status();
  auto audit = AuditTable::Prepare(connection);
  if (!audit.ok()) return audit.status();
  return std::unique_ptr<BatchSettler>(new BatchSettler(*std::move(accounts), *std::move(writer),
                                                        *std::move(imports), *std::move(audit)));
}

BatchSettler::BatchSettler(std::unique_ptr<AccountTable> accounts,
                           std::unique_ptr<AccountWriter> writer,
                           std::unique_ptr<ImportTable> imports, std::unique_ptr<AuditTable> audit)
    : accounts_(std::move(accounts)),
      writer_(std::move(writer)),
      imports_(std::move(imports)),
      audit_(std::move(audit)) {}

absl::StatusOr<ClaimedImport> BatchSettler::Claim(const ImportClaim& claim) {
  const auto existing = imports_->Get(claim.key);
  if (!existing.ok()) return existing.status();
  const auto record = DecideClaim(claim, *existing);
  if (!record.ok()) return record.status();
  if (absl::Status status = imports_->Put(*record); !status.ok()) return status;
  absl::Status status = audit_->Add({.time = claim.now,
                                     .organization_id = claim.key.organization_id,
                                     .caller = claim.caller,
                                     .event = AuditEvent::kImportClaimed,
                                     .import_id = claim.key.import_id});
  if (!status.ok()) return status;
  return ClaimedImport{record->stream_count, record->settled_through_row,
                       record->state == ImportState::kComplete};
}

absl::StatusOr<BatchAnswer> BatchSettler::Settle(const ImportBatch& batch,
                                                 const MakeWay& make_way) {
  auto found = imports_->Get(batch.key);
  if (!found.ok()) return found.status();
  if (!*found || (*found)->stream_count != batch.epoch) {
    return MakeError(ErrorReason::kTakenOver, "another stream has taken the import over");
  }
  ImportRecord& record = **found;
  const std::int64_t settled_before = record.settled_through_row;
  const bool complete_before = record.state == ImportState::kComplete;

  BatchAnswer answer;
  answer.answers.reserve(batch.rows.size());
  for (const PreparedRow& row : batch.rows) {
    const int done = static_cast<int>(answer.answers.size());
    if (done > 0 && done % rows_per_question == 0 && make_way(done)) {
      answer.stop = BatchStop::kMadeWay;
      break;
    }
    const bool is_new = row.row.row_number() > settled_before;
    if (is_new && complete_before) {
      answer.stop = BatchStop::kImportComplete;
      break;
    }
    const auto decision = is_new ? DecideAndApply(batch, row) : Replay(batch, row);
    if (!decision.ok()) return decision.status();
    if (decision->action == RowAction::kPrepareCredential) {
      answer.stop = BatchStop::kNeedsCredential;
      break;
    }
    answer.answers.push_back(decision->answer);
    absl::Time& expires_at = answer.answers.back().password_expires_at;
    expires_at = StoredTime(expires_at);
    if (!is_new) continue;
    record.settled_through_row = row.row.row_number();
    ++record.rows[decision->answer.outcome];
    if (!record.options.single_client || decision->answer.outcome != RowOutcome::kCreated) continue;
    absl::Status status = AuditCreation(batch, decision->answer.client_id);
    if (!status.ok()) return status;
  }

  const bool completes =
      batch.completes_import && answer.stop == BatchStop::kNone && !complete_before;
  if (record.settled_through_row == settled_before && !completes) return answer;
  if (completes) record.state = ImportState::kComplete;
  record.update_time = batch.now;
  absl::Status status = imports_->Put(record);
  if (status.ok() && completes) status = AuditCompletion(batch, record);
  if (!status.ok()) return status;
  return answer;
}

absl::Status BatchSettler::AuditCreation(const ImportBatch& batch, const Uuid& client_id) {
  return audit_->Add({.time = batch.now,
                      .organization_id = batch.key.organization_id,
                      .caller = batch.caller,
                      .event = AuditEvent::kClientCreated,
                      .import_id = batch.key.import_id,
                      .client_id = client_id});
}

absl::Status BatchSettler::AuditCompletion(const ImportBatch& batch, const ImportRecord& record) {
  // The client is in the audit since it was made, maybe by an earlier batch.
  if (record.options.single_client && record.rows[RowOutcome::kCreated] > 0) {
    return absl::OkStatus();
  }
  return audit_->Add({.time = batch.now,
                      .organization_id = batch.key.organization_id,
                      .caller = batch.caller,
                      .event = AuditEvent::kImportCompleted,
                      .import_id = batch.key.import_id,
                      .rows = record.rows});
}

absl::StatusOr<RowDecision> BatchSettler::DecideAndApply(const ImportBatch& batch,
                                                         const PreparedRow& row) {
  // Most rows are new accounts: the insert itself is the look-up.
  RowDecision decision = DecideNewRow(batch, row, std::nullopt);
  if (!row.row.accepted()) return decision;
  if (decision.action == RowAction::kCreateAccount) {
    decision.answer.client_id = client_ids_.Next(batch.now);
    const auto inserted = writer_->Insert(batch, row, decision.answer.client_id);
    if (!inserted.ok()) return inserted.status();
    if (*inserted) return decision;
  }
  const auto existing = accounts_->FindByEmail(batch.key.organization_id, row.row.email_address(),
                                               batch.key.import_id);
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
  auto created = accounts_->FindCreatedBy(batch.key, row.row.row_number());
  if (!created.ok()) return created.status();
  facts.created_by_row = *std::move(created);
  if (!facts.created_by_row) {
    auto effect = accounts_->FindEffectOf(batch.key, row.row.row_number());
    if (!effect.ok()) return effect.status();
    facts.effect_of_row = *std::move(effect);
  }
  if (!facts.created_by_row && !facts.effect_of_row && row.row.accepted()) {
    auto by_address = accounts_->FindByEmail(batch.key.organization_id, row.row.email_address(),
                                             batch.key.import_id);
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
      status =
          writer_->UpdateProfile(batch.key.organization_id, *account,
                                 MergedProfile(account->profile, row.row.profile()), batch.now);
      break;
    case RowAction::kReissue:
      status = SetCredential(batch, row, client_id);
      break;
  }
  if (!status.ok()) return status;
  return writer_->InsertEffect(batch, row, decision.answer);
}

absl::Status BatchSettler::SetCredential(const ImportBatch& batch, const PreparedRow& row,
                                         const Uuid& client_id) {
  return writer_->SetTemporaryPassword(
      batch.key.organization_id, client_id,
      {*row.credential, RowReference{batch.key.import_id, row.row.row_number()},
       batch.password_expires_at},
      batch.now);
}

}  // namespace provisioning
