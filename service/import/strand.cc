// SPDX-License-Identifier: Apache-2.0
#include "service/import/strand.h"

#include <utility>

namespace provisioning {
namespace {

constexpr int tasks_per_turn = 8;

}  // namespace

Strand::Strand(WorkerPool& pool) : state_(std::make_shared<State>(pool)) {}

void Strand::Post(WorkerPool::Task task) {
  {
    std::lock_guard lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
    if (std::exchange(state_->scheduled, true)) return;
  }
  state_->pool.Post([state = state_] { RunSome(state); });
}

void Strand::RunSome(std::shared_ptr<State> state) {
  for (int i = 0; i < tasks_per_turn; ++i) {
    WorkerPool::Task task;
    {
      std::lock_guard lock(state->mutex);
      if (state->tasks.empty()) {
        state->scheduled = false;
        return;
      }
      task = std::move(state->tasks.front());
      state->tasks.pop_front();
    }
    task();
  }
  WorkerPool& pool = state->pool;
  pool.Post([state = std::move(state)] { RunSome(state); });
}

}  // namespace provisioning
