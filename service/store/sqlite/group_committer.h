// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/model/organization_id.h"
#include "service/sharing/fair_queue.h"
#include "service/store/sqlite/batch_settler.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/sqlite_transaction.h"
#include "service/store/sqlite/store_health.h"

namespace provisioning {

// What jobs write with, over one connection, which outlives it.
struct StoreWriter {
  static absl::StatusOr<StoreWriter> Prepare(const Connection& connection);

  std::unique_ptr<SqliteTransaction> store;
  std::unique_ptr<BatchSettler> batches;
};

// Something to write.
class WriteJob {
 public:
  virtual ~WriteJob() = default;
  // Whose it is.
  virtual const OrganizationId& organization_id() const = 0;
  // How much of a transaction it takes up.
  virtual int rows() const = 0;
  // Nothing that it overwrote may be left in the log when it is finished.
  virtual bool erases() const { return false; }
  // Does it. Not OK: the whole transaction is rolled back. An answer that is an
  // error of this job alone is kept for Finish() and is OK here.
  virtual absl::Status Apply(StoreWriter& writer, const BatchSettler::MakeWay& make_way) = 0;
  // Called once, when the transaction is on stable storage, or with why it is
  // not. Of a job that erases: when the log has nothing of what it overwrote any
  // more, or after a while with kStoreUnavailable, if readers are in the way.
  virtual void Finish(const absl::Status& committed) = 0;
};

// The only thread that writes: puts jobs that wait into one transaction, so that
// many streams share the cost of a sync. When more wait than one transaction
// takes, organizations have fair shares of it, by rows; within an organization
// jobs are taken in the order of their coming. A job that is larger than that
// goes on while nobody waits, and makes way then. It is the only one that
// checkpoints too, between transactions; what erases waits for the log to be
// emptied, and nobody waits with it. Any thread may add jobs.
class GroupCommitter {
 public:
  struct Options {
    int rows_per_transaction_max;
    int wal_pages_max;            // Checkpointed above this size, and when there is nothing to do.
    absl::Duration busy_timeout;  // Of the connection.
    absl::Duration erasure_time_max;  // What erases waits for the log no longer.
  };

  // `shares` and `health` outlive it.
  static absl::StatusOr<std::unique_ptr<GroupCommitter>> Start(Connection connection,
                                                               const Options& options,
                                                               const OrganizationShares& shares,
                                                               StoreHealth& health);
  // Finishes all jobs first.
  ~GroupCommitter();

  void Add(std::unique_ptr<WriteJob> job);

 private:
  using Group = std::vector<std::unique_ptr<WriteJob>>;
  using Time = std::chrono::steady_clock::time_point;
  struct ErasedJob {
    std::unique_ptr<WriteJob> job;
    Time deadline;
  };

  GroupCommitter(Connection connection, StoreWriter writer, const Options& options,
                 const OrganizationShares& shares, StoreHealth& health);

  void Run();
  // Empty: there is nothing to do.
  Group NextGroup();
  bool WaitForJobs();
  bool OthersWait();
  absl::Status Commit(const Group& group);
  absl::Status WriteTransaction(const Group& group);
  void Finish(Group group, const absl::Status& committed);
  void Checkpoint();
  // Leaves nothing in it, if no reader is in the way for long.
  absl::Status EmptyLog();
  // Once it may be tried again; finishes the jobs that wait for it.
  void RemoveTraces();

  Connection connection_;
  StoreWriter writer_;
  const Options options_;
  StoreHealth& health_;
  int wal_pages_ = 0;  // Set by SQLite after each commit; 0: all is checkpointed.

  // Of the thread alone.
  bool traces_left_ = false;       // The log may have what was erased.
  std::vector<ErasedJob> erased_;  // They wait for it to be emptied.
  Time next_emptying_;             // Not to be tried before.

  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<std::unique_ptr<WriteJob>> jobs_;  // Guarded by mutex_.
  bool stopping_ = false;                      // Guarded by mutex_.

  std::thread thread_;
};

}  // namespace provisioning
