// SPDX-License-Identifier: Apache-2.0
#include "service/import/worker_pool.h"

#include <utility>

namespace provisioning {

WorkerPool::WorkerPool(int threads, const OrganizationShares& shares) : tasks_(shares) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Post(std::string_view organization_id, Task task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.Push(organization_id, std::move(task), 1);
  }
  changed_.notify_one();
}

void WorkerPool::Run() {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = tasks_.Pop();
    }
    task();
  }
}

}  // namespace provisioning
