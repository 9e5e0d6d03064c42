// SPDX-License-Identifier: Apache-2.0
// What the list calls have in common.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/model/organization_id.h"
#include "service/model/uuid.h"

namespace provisioning {

// kOptionInvalid, with the field.
absl::Status FieldInvalid(std::string_view field, std::string_view rule);
absl::StatusOr<OrganizationId> CheckOrganizationId(const std::string& text);
absl::StatusOr<Uuid> CheckUuid(std::string_view field, const std::string& text);
// From 1: what was asked for, within the limits.
absl::StatusOr<int> CheckPageSize(int page_size);

// Tokens are opaque to callers: some bytes in URL-safe base64.
std::string MakePageToken(std::string_view bytes);
absl::StatusOr<std::string> ReadPageToken(const std::string& token);

}  // namespace provisioning
