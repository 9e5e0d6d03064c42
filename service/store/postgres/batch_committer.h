// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "service/sharing/fair_queue.h"
#include "service/store/client_id_source.h"
#include "service/store/identity_store.h"
#include "service/store/postgres/transaction_runner.h"

namespace provisioning {

// Settles batches, each in a transaction of its own, on threads that organizations
// share fairly. Any thread.
class BatchCommitter {
 public:
  struct Options {
    int threads = 4;  // Each needs a connection.
    // A batch with more rows makes way for others that wait (BatchStop::kMadeWay).
    int rows_per_transaction_max = 4'096;
  };

  // `runner` and `shares` outlive it.
  BatchCommitter(const TransactionRunner& runner, const Options& options,
                 const OrganizationShares& shares);
  // Waits for what was queued.
  ~BatchCommitter();

  // As the methods of IdentityStore.
  void Commit(std::shared_ptr<const ImportBatch> batch, IdentityStore::CommitDone done);
  void RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                    const Caller& caller, absl::Time now);

 private:
  using Job = std::function<void()>;

  void Add(const OrganizationId& organization_id, std::size_t rows, Job job);
  void Run();
  bool OthersWait();
  std::vector<Uuid> NewClientIds(const ImportBatch& batch);
  absl::StatusOr<BatchAnswer> Settle(const ImportBatch& batch);

  const TransactionRunner& runner_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<Job> jobs_;    // Guarded by mutex_.
  bool stopping_ = false;  // Guarded by mutex_.
  std::mutex ids_mutex_;
  ClientIdSource client_ids_;  // Guarded by ids_mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace provisioning
