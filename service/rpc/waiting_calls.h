// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace provisioning {

// How many calls wait, so that there are not too many, and that those of one
// organization or of one caller are not all that there may be. Any thread; outlives
// its places.
class WaitingCalls {
 public:
  struct Limits {
    int of_one_organization = 500;
    int of_one_caller = 2'000;
    int of_all = 4'000;
  };

  // Of one call. Gives itself back when it goes.
  class Place {
   public:
    Place(Place&& other) noexcept
        : calls_(std::exchange(other.calls_, nullptr)),
          organization_id_(std::move(other.organization_id_)),
          caller_(std::move(other.caller_)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class WaitingCalls;
    Place(WaitingCalls& calls, std::string_view organization_id, std::string_view caller)
        : calls_(&calls), organization_id_(organization_id), caller_(caller) {}

    WaitingCalls* calls_;
    std::string organization_id_;
    std::string caller_;
  };

  explicit WaitingCalls(const Limits& limits) : limits_(limits) {}

  // Nothing: too many wait. `organization_id`: as it came.
  std::optional<Place> TryEnter(std::string_view organization_id, std::string_view caller);
  // Those that have calls here, for tests.
  std::size_t organizations() const;

 private:
  using Counts = std::map<std::string, int, std::less<>>;  // Above 0.

  const Limits limits_;
  mutable std::mutex mutex_;
  int of_all_ = 0;           // Guarded by mutex_.
  Counts of_organizations_;  // Guarded by mutex_.
  Counts of_callers_;        // Guarded by mutex_.
};

}  // namespace provisioning
