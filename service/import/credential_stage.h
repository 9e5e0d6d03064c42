// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "service/credential/credential_factory.h"
#include "service/credential/hashing_pool.h"
#include "service/import/ready_row.h"
#include "service/import/stream_start.h"
#include "service/import/worker_pool.h"
#include "service/store/identity_store.h"

namespace provisioning {

// Gives each row of a stream the credential that it will need, and keeps the
// rows in order:
//
//   Add -> [checked rows] -look-up-> [hashing, bounded] -> [ready] -> TakeReady
//
// Generated passwords cost microseconds, and a hash that the row brings costs
// nothing: such rows are ready at once. A given
// password costs tens of milliseconds, so its address is looked up first, and
// nothing is hashed that cannot be stored: for a client who exists, for a second
// row with an address that is still under way, for a replay, or for a stream
// that has gone.
//
// Used on the stream's strand only.
class CredentialStage {
 public:
  struct Dependencies {
    IdentityStore& store;
    const CredentialFactory& factory;
    HashingPool& hashing_pool;
    // Runs a task on the stream's strand.
    std::function<void(WorkerPool::Task)> post;
    // Called on the strand when more rows may have become ready.
    std::function<void()> on_progress;
  };

  CredentialStage(Dependencies dependencies, const StreamStart& start,
                  std::int64_t settled_through_row, int hashing_rows_max);
  ~CredentialStage();

  // Takes rows of the same stream, in order.
  void Add(std::vector<ReadyRow> rows);
  // Takes rows back to the front: the store says that the first of them needs a
  // credential although a look-up said that it would not.
  void PutBack(std::vector<ReadyRow> rows);
  // The same for rows that are ready as they are.
  void PutBackReady(std::vector<ReadyRow> rows);
  // Looks up and hashes what the bounds allow. Blocks on the store.
  absl::Status Advance();
  // The next row, if it is ready. The pointer is good until the next call.
  const ReadyRow* PeekReady() const;
  ReadyRow TakeReady();
  // A row that was taken is answered: its address is not under way any more.
  void Release(const CheckedRow& row, const RowMemo& memo);
  // Drops all rows that are not ready, or all; stops hashing for them. False:
  // there was none that is not ready.
  bool DropUnready();
  void DropAll();

  bool empty() const { return slices_.empty(); }
  // Rows that wait for the look-up, are being hashed, or are ready.
  std::int64_t rows_checked() const { return rows_checked_; }
  std::int64_t rows_hashing() const { return rows_hashing_; }
  std::int64_t rows_ready() const { return rows_ready_; }

 private:
  // Rows that become ready together.
  struct Slice {
    enum class State { kChecked, kHashing, kReady };

    std::vector<ReadyRow> rows;
    std::size_t taken = 0;  // Of a ready one.
    State state = State::kChecked;
    bool hash_first = false;           // Whatever the look-up says.
    std::vector<std::size_t> to_hash;  // Rows of it that are being hashed.
  };

  absl::Status Prepare(Slice& slice);
  bool IsReplay(const CheckedRow& row) const;
  void GiveGenerated(ReadyRow& row) const;
  absl::Status ChooseRowsToHash(Slice& slice, const std::vector<std::size_t>& candidates);
  bool HoldAddress(ReadyRow& row);
  void StartHashing(Slice& slice);
  void OnHashed(Slice& slice, std::vector<Credential> credentials);
  void MoveTo(Slice& slice, Slice::State state);

  const Dependencies dependencies_;
  const OrganizationId organization_id_;
  const Uuid import_id_;
  const MissingPassword missing_password_;
  const ExistingAccount existing_account_;
  const std::optional<std::int64_t> answered_through_row_;
  const std::int64_t settled_through_row_;
  const int hashing_rows_max_;

  CancelFlag cancelled_;
  absl::Status hashing_status_;
  std::deque<std::unique_ptr<Slice>> slices_;
  absl::flat_hash_set<std::size_t> held_addresses_;  // Their hashes.
  std::int64_t rows_checked_ = 0;
  std::int64_t rows_hashing_ = 0;
  std::int64_t rows_ready_ = 0;
};

}  // namespace provisioning
