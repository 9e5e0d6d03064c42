// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/client_id_source.h"
#include "service/store/identity_store.h"
#include "service/store/row_decision.h"
#include "service/store/sqlite/sqlite_transaction.h"

namespace provisioning {

// Does the work of a batch inside the caller's transaction, row by row. One thread
// at a time.
//
// kTakenOver is an answer: nothing was written and the transaction may go on. After
// any other error it must be rolled back.
class BatchSettler {
 public:
  // `store` outlives it.
  explicit BatchSettler(SqliteTransaction& store) : store_(store) {}

  // `make_way` is asked now and then, with the rows settled so far, whether to
  // stop there (BatchStop::kMadeWay).
  using MakeWay = std::function<bool(int rows)>;
  absl::StatusOr<BatchAnswer> Settle(const ImportBatch& batch, const MakeWay& make_way);

 private:
  absl::StatusOr<RowDecision> DecideAndApply(const ImportBatch& batch, const PreparedRow& row);
  absl::StatusOr<RowDecision> Replay(const ImportBatch& batch, const PreparedRow& row);
  absl::Status Apply(const ImportBatch& batch, const PreparedRow& row, const RowDecision& decision,
                     const AccountFacts* account);
  absl::Status SetCredential(const ImportBatch& batch, const PreparedRow& row,
                             const Uuid& client_id);

  SqliteTransaction& store_;
  ClientIdSource client_ids_;
};

}  // namespace provisioning
