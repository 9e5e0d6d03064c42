// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/client_selection.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/model/error.h"
#include "service/rules/row_rules.h"

namespace provisioning {

absl::Status NoSuchClient(const OrganizationId& organization_id) {
  return MakeError(
      ErrorReason::kClientNotFound,
      absl::StrCat("the organization ", organization_id.value(), " has no such client"));
}

absl::StatusOr<ClientRecord> FindClientByEmail(IdentityStore& store,
                                               const OrganizationId& organization_id,
                                               const std::string& email_address) {
  const std::optional<std::string> address = StoredEmailAddress(email_address);
  if (!address) return FieldInvalid("email_address", "is not an e-mail address");
  auto client = store.GetClientByEmail(organization_id, *address);
  if (!client.ok()) return client.status();
  if (!*client) return NoSuchClient(organization_id);
  return **std::move(client);
}

}  // namespace provisioning
