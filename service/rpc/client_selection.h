// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "service/rpc/page_request.h"
#include "service/store/identity_store.h"

namespace provisioning {

// kClientNotFound.
absl::Status NoSuchClient(const OrganizationId& organization_id);

// The client with this address, as somebody types it.
absl::StatusOr<ClientRecord> FindClientByEmail(IdentityStore& store,
                                               const OrganizationId& organization_id,
                                               const std::string& email_address);

// The id that a request means by its `client`, of a client who exists if it gives
// an address. kOptionInvalid, kClientNotFound.
template <typename Request>
absl::StatusOr<Uuid> WhichClientId(IdentityStore& store, const OrganizationId& organization_id,
                                   const Request& request) {
  if (request.client_case() == Request::kClientId) {
    return CheckUuid("client_id", request.client_id());
  }
  if (request.client_case() != Request::kEmailAddress) {
    return FieldInvalid("client_id", "or email_address must be given");
  }
  const auto client = FindClientByEmail(store, organization_id, request.email_address());
  if (!client.ok()) return client.status();
  return client->client_id;
}

// The client that it means.
template <typename Request>
absl::StatusOr<ClientRecord> FindClient(IdentityStore& store, const OrganizationId& organization_id,
                                        const Request& request) {
  if (request.client_case() == Request::kEmailAddress) {
    return FindClientByEmail(store, organization_id, request.email_address());
  }
  const auto id = WhichClientId(store, organization_id, request);
  if (!id.ok()) return id.status();
  auto client = store.GetClient(organization_id, *id);
  if (!client.ok()) return client.status();
  if (!*client) return NoSuchClient(organization_id);
  return **std::move(client);
}

}  // namespace provisioning
