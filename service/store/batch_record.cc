// SPDX-License-Identifier: Apache-2.0
#include "service/store/batch_record.h"

#include <utility>

#include "service/model/error.h"

namespace provisioning {
namespace {

// As it is read back.
absl::Time StoredTime(absl::Time time) {
  return time == absl::InfinitePast() ? time : absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace

absl::StatusOr<BatchRecord> BatchRecord::Begin(const ImportBatch& batch,
                                               std::optional<ImportRecord> found) {
  if (!found || found->stream_count != batch.epoch) {
    return MakeError(ErrorReason::kTakenOver, "another stream has taken the import over");
  }
  return BatchRecord(batch, *std::move(found));
}

BatchRecord::BatchRecord(const ImportBatch& batch, ImportRecord record)
    : batch_(&batch),
      record_(std::move(record)),
      settled_before_(record_.settled_through_row),
      complete_before_(record_.state == ImportState::kComplete) {}

void BatchRecord::Answer(const PreparedRow& row, const RowDecision& decision, BatchAnswer& answer) {
  answer.answers.push_back(decision.answer);
  absl::Time& expires_at = answer.answers.back().password_expires_at;
  expires_at = StoredTime(expires_at);
  if (!IsNew(row)) return;
  record_.settled_through_row = row.row.row_number();
  ++record_.rows[decision.answer.outcome];
  if (record_.options.single_client && decision.answer.outcome == RowOutcome::kCreated) {
    created_.push_back(decision.answer.client_id);
  }
}

absl::Status BatchRecord::Finish(const BatchAnswer& answer, StoreTransaction& store) {
  const bool completes =
      batch_->completes_import && answer.stop == BatchStop::kNone && !complete_before_;
  if (record_.settled_through_row == settled_before_ && !completes) return absl::OkStatus();
  if (completes) record_.state = ImportState::kComplete;
  record_.update_time = batch_->now;
  absl::Status status = store.PutImport(record_);
  return status.ok() ? AddAudit(completes, store) : status;
}

absl::Status BatchRecord::AddAudit(bool completes, StoreTransaction& store) const {
  AuditRecord event{.time = batch_->now,
                    .organization_id = batch_->key.organization_id,
                    .caller = batch_->caller,
                    .event = AuditEvent::kClientCreated,
                    .import_id = batch_->key.import_id};
  for (const Uuid& client_id : created_) {
    event.client_id = client_id;
    if (absl::Status status = store.AddAudit(event); !status.ok()) return status;
  }
  // A client that was made is all there is to say of such an import.
  const bool told = record_.options.single_client && record_.rows[RowOutcome::kCreated] > 0;
  if (!completes || told) return absl::OkStatus();
  event.event = AuditEvent::kImportCompleted;
  event.client_id.reset();
  event.rows = record_.rows;
  return store.AddAudit(event);
}

}  // namespace provisioning
