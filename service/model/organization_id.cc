// SPDX-License-Identifier: Apache-2.0
#include "service/model/organization_id.h"

#include <algorithm>

#include "service/model/limits.h"

namespace provisioning {
namespace {

bool IsLowerAlphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::optional<OrganizationId> OrganizationId::Parse(std::string_view text) {
  if (text.empty() || text.size() > limits::organization_id_bytes_max) return std::nullopt;
  if (!IsLowerAlphanumeric(text.front())) return std::nullopt;
  const bool valid = std::ranges::all_of(
      text, [](char c) { return IsLowerAlphanumeric(c) || c == '.' || c == '_' || c == '-'; });
  if (!valid) return std::nullopt;
  return OrganizationId(text);
}

}  // namespace provisioning
