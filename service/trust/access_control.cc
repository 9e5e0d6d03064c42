// SPDX-License-Identifier: Apache-2.0
#include "service/trust/access_control.h"

#include "absl/strings/str_cat.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr absl::Duration stream_wait = absl::Seconds(5);
// Of a caller's name in a message: errors travel in headers, which must be small.
constexpr std::size_t name_bytes_max = 256;

std::string Named(const Caller& caller) { return caller.name.substr(0, name_bytes_max); }

absl::Status NotInPolicy(const Caller& caller) {
  return MakeError(ErrorReason::kNotAllowed,
                   absl::StrCat(Named(caller), " is not in this server's policy"));
}

}  // namespace

void StreamPlace::Leave() {
  if (AccessControl* const access = std::exchange(access_, nullptr)) access->LeaveStream(caller_);
}

void AccessControl::SetPolicy(Policy policy) {
  auto next = std::make_shared<const Policy>(std::move(policy));
  std::lock_guard lock(mutex_);
  policy_.swap(next);
}

std::shared_ptr<const Policy> AccessControl::policy() const {
  std::lock_guard lock(mutex_);
  return policy_;
}

absl::Status AccessControl::CheckKnown(const Caller& caller) const {
  const auto policy = this->policy();
  if (!policy || policy->contains(caller.name)) return absl::OkStatus();
  return NotInPolicy(caller);
}

absl::Status AccessControl::Check(const Caller& caller, std::string_view organization_id,
                                  const VerbSet& verbs) const {
  const auto policy = this->policy();
  if (!policy) return absl::OkStatus();
  VerbSet allowed;
  if (const auto found = policy->find(caller.name); found != policy->end()) {
    const CallerRights& rights = found->second;
    if (rights.every_organization || rights.organizations.contains(organization_id)) {
      allowed = rights.verbs;
    }
  }
  const auto missing = verbs.FirstNotIn(allowed);
  if (!missing) return absl::OkStatus();
  const std::string_view verb = VerbName(*missing);
  return MakeError(ErrorReason::kNotAllowed,
                   absl::StrCat(Named(caller), " has no right to \"",
                                absl::string_view(verb.data(), verb.size()),
                                "\" in this organization; the server's policy file gives rights"));
}

absl::StatusOr<StreamPlace> AccessControl::OpenStream(const Caller& caller) {
  int streams = 0;
  int streams_max = 0;
  {
    std::lock_guard lock(mutex_);
    if (!policy_) return StreamPlace();
    const auto found = policy_->find(caller.name);
    // It was taken out a moment ago.
    if (found == policy_->end()) return NotInPolicy(caller);
    streams_max = found->second.streams_max;
    const auto open = streams_.find(caller.name);
    streams = open == streams_.end() ? 0 : open->second;
    if (streams < streams_max) {
      ++streams_[caller.name];
      return StreamPlace(*this, caller.name);
    }
  }
  return MakeWaitError(
      ErrorReason::kTooManyStreams,
      absl::StrCat(Named(caller), " has ", streams, " streams on this server, and may have ",
                   streams_max, " at a time"),
      stream_wait);
}

int AccessControl::open_streams() const {
  std::lock_guard lock(mutex_);
  int all = 0;
  for (const auto& [caller, streams] : streams_) all += streams;
  return all;
}

void AccessControl::LeaveStream(const std::string& caller) {
  std::lock_guard lock(mutex_);
  const auto found = streams_.find(caller);
  if (--found->second == 0) streams_.erase(found);
}

}  // namespace provisioning
