// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace provisioning {

// How many calls wait, so that there are not too many, and that those of one
// organization are not all that there may be. Any thread.
class WaitingCalls {
 public:
  struct Limits {
    int of_one_organization = 500;
    int of_all = 4'000;
  };
  explicit WaitingCalls(const Limits& limits) : limits_(limits) {}

  // False: too many wait; else Leave() follows. `organization_id`: as it came.
  bool TryEnter(std::string_view organization_id);
  void Leave(std::string_view organization_id);
  // Those that have calls here, for tests.
  std::size_t organizations() const;

 private:
  const Limits limits_;
  mutable std::mutex mutex_;
  int of_all_ = 0;                                        // Guarded by mutex_.
  std::map<std::string, int, std::less<>> of_each_ = {};  // Above 0; guarded by mutex_.
};

}  // namespace provisioning
