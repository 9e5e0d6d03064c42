// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "service/sharing/fair_queue.h"

namespace provisioning {

// A fixed number of threads that run tasks. Organizations have fair shares of
// them, task by task; within an organization the order is that of posting. Tasks
// may block on the store. The queue is bounded by its users: each stream has at
// most one task in it (see strand.h).
class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `threads` from 1; `shares` outlives the pool.
  explicit WorkerPool(int threads, const OrganizationShares& shares = OrganizationShares::Equal());
  // Runs what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Any thread; never blocks on a task. `organization_id`: whose task it is, or
  // empty.
  void Post(std::string_view organization_id, Task task);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<Task> tasks_;  // Guarded by mutex_.
  bool stopping_ = false;  // Guarded by mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace provisioning
