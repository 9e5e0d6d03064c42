// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/identity_store.h"
#include "service/store/row_decision.h"
#include "service/store/sqlite/account_table.h"
#include "service/store/sqlite/account_writer.h"
#include "service/store/sqlite/audit_table.h"
#include "service/store/sqlite/client_id_source.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/import_table.h"

namespace provisioning {

// Does the work of a claim and of a batch inside the caller's transaction, over
// one connection, which outlives it. One thread at a time.
//
// kTakenOver, kOptionsDiffer, kStoreBehind and kImportReverted are answers: nothing was written
// and the transaction may go on. After any other error it must be rolled back.
class BatchSettler {
 public:
  static absl::StatusOr<std::unique_ptr<BatchSettler>> Prepare(const Connection& connection);

  absl::StatusOr<ClaimedImport> Claim(const ImportClaim& claim);
  // `make_way` is asked now and then, with the rows settled so far, whether to
  // stop there (BatchStop::kMadeWay).
  using MakeWay = std::function<bool(int rows)>;
  absl::StatusOr<BatchAnswer> Settle(const ImportBatch& batch, const MakeWay& make_way);

 private:
  BatchSettler(std::unique_ptr<AccountTable> accounts, std::unique_ptr<AccountWriter> writer,
               std::unique_ptr<ImportTable> imports, std::unique_ptr<AuditTable> audit);

  absl::StatusOr<RowDecision> DecideAndApply(const ImportBatch& batch, const PreparedRow& row);
  absl::StatusOr<RowDecision> Replay(const ImportBatch& batch, const PreparedRow& row);
  absl::Status Apply(const ImportBatch& batch, const PreparedRow& row, const RowDecision& decision,
                     const AccountFacts* account);
  absl::Status SetCredential(const ImportBatch& batch, const PreparedRow& row,
                             const Uuid& client_id);
  // Of CreateClient.
  absl::Status AuditCreation(const ImportBatch& batch, const Uuid& client_id);
  absl::Status AuditCompletion(const ImportBatch& batch, const ImportRecord& record);

  const std::unique_ptr<AccountTable> accounts_;
  const std::unique_ptr<AccountWriter> writer_;
  const std::unique_ptr<ImportTable> imports_;
  const std::unique_ptr<AuditTable> audit_;
  ClientIdSource client_ids_;
};

}  // namespace provisioning
