// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "service/model/organization_id.h"

namespace provisioning {

// How much each organization may have of what all of them want at once, in
// proportion to the others: 1, unless it was given another share.
class OrganizationShares {
 public:
  OrganizationShares() = default;
  // 1 for everybody. Lives for ever.
  static const OrganizationShares& Equal();
  // Nobody has a share: first come, first served. For the tests that have to
  // find this unfair.
  static OrganizationShares FirstComeFirstServed();

  // `share` above 0.
  void Set(const OrganizationId& organization_id, double share);
  double Of(std::string_view organization_id) const;
  // Which line an organization waits in: its own.
  std::string_view LineOf(std::string_view organization_id) const;

 private:
  bool one_line_ = false;
  std::map<std::string, double, std::less<>> shares_;
};

}  // namespace provisioning
