// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace provisioning {

// The tenant: `[a-z0-9][a-z0-9._-]{0,63}`. Every look-up and every change names
// one, so that no client is ever reached through another organization.
class OrganizationId {
 public:
  static std::optional<OrganizationId> Parse(std::string_view text);

  const std::string& value() const { return value_; }

  bool operator==(const OrganizationId&) const = default;
  auto operator<=>(const OrganizationId&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const OrganizationId& id) {
    return H::combine(std::move(state), id.value_);
  }

 private:
  explicit OrganizationId(std::string_view value) : value_(value) {}

  std::string value_;
};

}  // namespace provisioning
