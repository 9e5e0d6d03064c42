// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/waiting_calls.h"

#include "service/model/limits.h"

namespace provisioning {
namespace {

// What is longer is no organization's id, and may be as long as a message.
std::string_view NameOf(std::string_view organization_id) {
  return organization_id.substr(0, limits::organization_id_bytes_max + 1);
}

template <typename Counts>
int CountOf(const Counts& counts, std::string_view name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

template <typename Counts>
void TakeOne(Counts& counts, std::string_view name) {
  const auto found = counts.find(name);
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

WaitingCalls::Place::~Place() {
  if (calls_ == nullptr) return;
  std::lock_guard lock(calls_->mutex_);
  --calls_->of_all_;
  TakeOne(calls_->of_organizations_, organization_id_);
  TakeOne(calls_->of_callers_, caller_);
}

std::optional<WaitingCalls::Place> WaitingCalls::TryEnter(std::string_view organization_id,
                                                          std::string_view caller) {
  const std::string_view name = NameOf(organization_id);
  std::lock_guard lock(mutex_);
  if (of_all_ >= limits_.of_all || CountOf(of_callers_, caller) >= limits_.of_one_caller ||
      CountOf(of_organizations_, name) >= limits_.of_one_organization) {
    return std::nullopt;
  }
  ++of_all_;
  ++of_organizations_[std::string(name)];
  ++of_callers_[std::string(caller)];
  return Place(*this, name, caller);
}

std::size_t WaitingCalls::organizations() const {
  std::lock_guard lock(mutex_);
  return of_organizations_.size();
}

}  // namespace provisioning
