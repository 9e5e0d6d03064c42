// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/row_decision.h"
#include "service/store/store_transaction.h"

namespace provisioning {

// The import's record while a batch is settled: what all engines do about it.
class BatchRecord {
 public:
  // `found`: the record as it is in the transaction. kTakenOver: it is not under
  // the batch's epoch; nothing may be written.
  static absl::StatusOr<BatchRecord> Begin(const ImportBatch& batch,
                                           std::optional<ImportRecord> found);

  bool IsNew(const PreparedRow& row) const { return row.row.row_number() > settled_before_; }
  // It was complete before the batch.
  bool takes_new_rows() const { return !complete_before_; }
  // Of the import, before the batch and with what was answered since.
  std::int64_t settled_before() const { return settled_before_; }
  std::int64_t settled_through_row() const { return record_.settled_through_row; }

  // The next row is settled so.
  void Answer(const PreparedRow& row, const RowDecision& decision, BatchAnswer& answer);
  // Writes the record and the audit, if there is anything to be written.
  absl::Status Finish(const BatchAnswer& answer, StoreTransaction& store);

 private:
  BatchRecord(const ImportBatch& batch, ImportRecord record);

  absl::Status AddAudit(bool completes, StoreTransaction& store) const;

  const ImportBatch* batch_;
  ImportRecord record_;
  std::int64_t settled_before_;
  bool complete_before_;
  std::vector<Uuid> created_;  // Only of a CreateClient.
};

}  // namespace provisioning
