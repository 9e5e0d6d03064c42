// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "service/import/worker_pool.h"
#include "service/model/organization_id.h"

namespace provisioning {

// Runs tasks one at a time, in the order of their posting, on the threads of a
// pool. What only a strand's tasks touch needs no lock. After a few tasks a
// strand goes to the end of the pool's queue, so that streams take turns.
class Strand {
 public:
  // `pool` outlives the strand and its tasks.
  explicit Strand(WorkerPool& pool);

  // Whose share of the pool the tasks take from now on; before, nobody's.
  void BelongTo(const OrganizationId& organization_id);

  // Any thread, also from one of its tasks.
  void Post(WorkerPool::Task task);

 private:
  // Outlives the strand while one of its tasks runs.
  struct State {
    explicit State(WorkerPool& p) : pool(p) {}

    WorkerPool& pool;
    std::mutex mutex;
    std::string organization_id;         // Guarded by mutex.
    std::deque<WorkerPool::Task> tasks;  // Guarded by mutex.
    bool scheduled = false;              // Guarded by mutex: it is in the pool's queue, or runs.
  };
  static void Schedule(std::shared_ptr<State> state);
  static void RunSome(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace provisioning
