// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/batch_record.h"
#include "service/store/identity_store.h"
#include "service/store/postgres/client_writes.h"
#include "service/store/postgres/postgres_transaction.h"
#include "service/store/row_decision.h"

namespace provisioning {

// Settles a batch in one transaction, with a number of statements that does not
// depend on its rows:
//
//   the import's record, locked          always, with BEGIN
//   what replays made and changed        if there are any
//   accounts of rows without credential  if there are any
//   who of those that look new is there  if there are any,
//   one COPY of the others               in as many bytes as they have
//   profiles, credentials, effects       if there are any
//   the import's record, the audit       if the batch settles anything, with COMMIT
//
// The work of one attempt; goes with it.
class BatchSettlement {
 public:
  struct Limit {
    std::size_t rows_max;  // It settles at most the first so many rows,
    BatchStop stop;        // for this reason.
  };
  // All outlive it. `client_ids`: one for each row, for the case that it makes a
  // client.
  BatchSettlement(PostgresTransaction& transaction, const ImportBatch& batch,
                  std::span<const Uuid> client_ids, const Limit& limit);

  // Everything but the COMMIT.
  absl::Status Run();

  BatchAnswer TakeAnswer() { return std::move(answer_); }
  // More was written than may be: roll it back, and settle only so many rows.
  std::optional<std::size_t> rows_to_settle() const { return rows_to_settle_; }
  // Before and after it: how to see that it was committed.
  std::int64_t settled_before() const { return record_->settled_before(); }
  std::int64_t settled_through_row() const { return record_->settled_through_row(); }

 private:
  absl::Status LockRecord();
  absl::Status ReadReplays();
  absl::Status ReadAccountsWithoutCredential();
  // Where a row has no credential, needs one, and all before it are settled.
  void StopBeforeUnprepared();
  absl::Status InsertNew();
  void DecideAll();
  // False: the batch ends before this row.
  bool DecideNew(std::size_t index);
  void DecideReplayed(const PreparedRow& row);
  void Apply(const PreparedRow& row, const RowDecision& decision);
  absl::Status ReadAccounts(const std::vector<std::size_t>& indexes);

  bool locks_accounts() const { return batch_.existing_account != ExistingAccount::kReport; }

  PostgresTransaction& transaction_;
  const ImportBatch& batch_;
  const std::span<const Uuid> client_ids_;
  std::span<const PreparedRow> rows_;  // That are to be settled.
  std::size_t replays_ = 0;            // The first so many of them.
  std::optional<BatchRecord> record_;

  struct ReplayedRows {
    std::unordered_map<std::int64_t, AccountFacts> created;
    std::unordered_map<std::int64_t, RowEffect> effects;
  };
  ReplayedRows replayed_;
  // By address: what is there, and what the batch makes of it.
  std::unordered_map<std::string_view, AccountFacts> accounts_;
  // Indexes of rows, in the order of their addresses: of each that looks new the
  // first one.
  std::vector<std::size_t> candidates_;
  std::vector<bool> inserted_;  // By index.
  ClientWrites writes_;
  BatchAnswer answer_;
  std::optional<std::size_t> rows_to_settle_;
};

}  // namespace provisioning
