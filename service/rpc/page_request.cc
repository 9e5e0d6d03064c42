// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/page_request.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

constexpr int page_size_default = 100;
constexpr int page_size_max = 1000;

}  // namespace

absl::Status FieldInvalid(std::string_view field, std::string_view rule) {
  return MakeError(ErrorReason::kOptionInvalid,
                   absl::StrCat(std::string(field), " ", std::string(rule)), field);
}

absl::StatusOr<OrganizationId> CheckOrganizationId(const std::string& text) {
  auto id = OrganizationId::Parse(text);
  if (!id) return FieldInvalid("organization_id", "must match [a-z0-9][a-z0-9._-]{0,63}");
  return *std::move(id);
}

absl::StatusOr<Uuid> CheckUuid(std::string_view field, const std::string& text) {
  const auto id = Uuid::Parse(text);
  if (!id || id->is_nil()) {
    return FieldInvalid(field, "must be a UUID in lower case, not all zeros");
  }
  return *id;
}

absl::StatusOr<int> CheckPageSize(int page_size) {
  if (page_size < 0) return FieldInvalid("page_size", "must not be negative; 0 is 100");
  return page_size == 0 ? page_size_default : std::min(page_size, page_size_max);
}

std::string MakePageToken(std::string_view bytes) {
  return absl::WebSafeBase64Escape(absl::string_view(bytes.data(), bytes.size()));
}

absl::StatusOr<std::string> ReadPageToken(const std::string& token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes)) {
    return FieldInvalid("page_token", "is not one that this server gave");
  }
  return bytes;
}

}  // namespace provisioning
