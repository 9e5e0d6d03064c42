// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace provisioning {

// A fixed number of threads that run tasks in the order of their posting. Tasks
// may block on the store. The queue is bounded by its users: each stream has at
// most one task in it (see strand.h).
class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `threads` from 1.
  explicit WorkerPool(int threads);
  // Runs what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Any thread; never blocks on a task.
  void Post(Task task);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;  // Guarded by mutex_.
  bool stopping_ = false;   // Guarded by mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace provisioning
