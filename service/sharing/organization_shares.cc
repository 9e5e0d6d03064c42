// SPDX-License-Identifier: Apache-2.0
#include "service/sharing/organization_shares.h"

namespace provisioning {

const OrganizationShares& OrganizationShares::Equal() {
  static const OrganizationShares equal;
  return equal;
}

OrganizationShares OrganizationShares::FirstComeFirstServed() {
  OrganizationShares shares;
  shares.one_line_ = true;
  return shares;
}

void OrganizationShares::Set(const OrganizationId& organization_id, double share) {
  shares_[organization_id.value()] = share;
}

double OrganizationShares::Of(std::string_view organization_id) const {
  const auto found = shares_.find(organization_id);
  return found == shares_.end() ? 1 : found->second;
}

std::string_view OrganizationShares::LineOf(std::string_view organization_id) const {
  return one_line_ ? std::string_view() : organization_id;
}

}  // namespace provisioning
