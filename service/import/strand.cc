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
  Schedule(state_);
}

void Strand::BelongTo(const OrganizationId& organization_id) {
  std::lock_guard lock(state_->mutex);
  state_->organization_id = organization_id.value();
}

void Strand::Schedule(std::shared_ptr<State> state) {
  std::string organization_id;
  {
    std::lock_guard lock(state->mutex);
    organization_id = state->organization_id;
  }
  WorkerPool& pool = state->pool;
  pool.Post(organization_id, [state = std::move(state)] { RunSome(state); });
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
  Schedule(std::move(state));
}

}  // namespace provisioning
