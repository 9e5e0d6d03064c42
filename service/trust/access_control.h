// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "service/model/caller.h"
#include "service/trust/policy.h"
#include "service/trust/verb.h"

namespace provisioning {

class AccessControl;

// One of the streams that a caller may have at a time. Gives its place back when it
// goes.
class StreamPlace {
 public:
  StreamPlace() = default;  // Of nobody.
  StreamPlace(StreamPlace&& other) noexcept
      : access_(std::exchange(other.access_, nullptr)), caller_(std::move(other.caller_)) {}
  StreamPlace& operator=(StreamPlace&& other) noexcept {
    std::swap(access_, other.access_);
    std::swap(caller_, other.caller_);
    return *this;
  }
  ~StreamPlace() { Leave(); }
  // Before it goes; afterwards nothing happens.
  void Leave();

 private:
  friend class AccessControl;
  StreamPlace(AccessControl& access, std::string caller)
      : access_(&access), caller_(std::move(caller)) {}

  AccessControl* access_ = nullptr;
  std::string caller_;
};

// Who may do what, now: asks the policy that holds at the moment of the question.
// Knows nothing of the store, so that its answers are the same for what exists and
// what does not. Any thread; never blocks for long. Outlives its StreamPlaces.
class AccessControl {
 public:
  // Nobody may do anything, until there is a policy.
  AccessControl() : AccessControl(Policy()) {}
  explicit AccessControl(Policy policy) { SetPolicy(std::move(policy)); }
  // Everybody may do everything, and nobody has a name: for plaintext on loopback.
  static AccessControl ForEverybody() { return AccessControl(nullptr); }
  AccessControl(const AccessControl&) = delete;
  AccessControl& operator=(const AccessControl&) = delete;

  // From now on; also for the streams that are open, which ask again.
  void SetPolicy(Policy policy);
  bool has_policy() const { return policy() != nullptr; }

  // kNotAllowed unless the caller is in the policy at all.
  absl::Status CheckKnown(const Caller& caller) const;
  // kNotAllowed unless the caller has all of these verbs in the organization.
  // `organization_id`: as it came.
  absl::Status Check(const Caller& caller, std::string_view organization_id,
                     const VerbSet& verbs) const;
  // kTooManyStreams if the caller has as many as it may have at a time.
  absl::StatusOr<StreamPlace> OpenStream(const Caller& caller);

  // Of all callers.
  int open_streams() const;

 private:
  friend class StreamPlace;

  explicit AccessControl(std::nullptr_t /*no policy*/) {}

  std::shared_ptr<const Policy> policy() const;
  void LeaveStream(const std::string& caller);

  mutable std::mutex mutex_;
  std::shared_ptr<const Policy> policy_;             // Guarded by mutex_; null: everybody may.
  std::map<std::string, int, std::less<>> streams_;  // Above 0; guarded by mutex_.
};

}  // namespace provisioning
