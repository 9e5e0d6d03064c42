// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/waiting_calls.h"

#include "service/model/limits.h"

namespace provisioning {
namespace {

// What is longer is no organization's id, and may be as long as a message.
std::string_view NameOf(std::string_view organization_id) {
  return organization_id.substr(0, limits::organization_id_bytes_max + 1);
}

}  // namespace

bool WaitingCalls::TryEnter(std::string_view organization_id) {
  const std::string_view name = NameOf(organization_id);
  std::lock_guard lock(mutex_);
  const auto found = of_each_.find(name);
  const int of_this = found == of_each_.end() ? 0 : found->second;
  if (of_this >= limits_.of_one_organization || of_all_ >= limits_.of_all) return false;
  ++of_all_;
  ++of_each_[std::string(name)];
  return true;
}

void WaitingCalls::Leave(std::string_view organization_id) {
  std::lock_guard lock(mutex_);
  --of_all_;
  const auto found = of_each_.find(NameOf(organization_id));
  if (--found->second == 0) of_each_.erase(found);
}

std::size_t WaitingCalls::organizations() const {
  std::lock_guard lock(mutex_);
  return of_each_.size();
}

}  // namespace provisioning
