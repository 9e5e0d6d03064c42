// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/account_service.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "service/rpc/message_conversion.h"
#include "service/rpc/page_request.h"
#include "service/rules/row_rules.h"

namespace provisioning {
namespace {

absl::StatusOr<std::optional<ClientRecord>> FindClient(IdentityStore& store,
                                                       const OrganizationId& organization_id,
                                                       const v1::GetClientRequest& request) {
  switch (request.client_case()) {
    case v1::GetClientRequest::kClientId: {
      const auto id = CheckUuid("client_id", request.client_id());
      if (!id.ok()) return id.status();
      return store.GetClient(organization_id, *id);
    }
    case v1::GetClientRequest::kEmailAddress: {
      const auto address = StoredEmailAddress(request.email_address());
      if (!address) return FieldInvalid("email_address", "is not an e-mail address");
      return store.GetClientByEmail(organization_id, *address);
    }
    case v1::GetClientRequest::CLIENT_NOT_SET:
      break;
  }
  return FieldInvalid("client_id", "or email_address must be given");
}

absl::StatusOr<ClientFilter> FilterOf(const v1::ListClientsRequest& request) {
  ClientFilter filter;
  if (!request.import_id().empty()) {
    const auto id = CheckUuid("import_id", request.import_id());
    if (!id.ok()) return id.status();
    filter.import_id = *id;
  }
  switch (request.state()) {
    case v1::CLIENT_STATE_UNSPECIFIED:
      return filter;
    case v1::CLIENT_STATE_PENDING:
    case v1::CLIENT_STATE_ACTIVE:
      filter.pending = request.state() == v1::CLIENT_STATE_PENDING;
      return filter;
    default:
      return FieldInvalid("state", "has a value that this server does not know");
  }
}

}  // namespace

grpc::ServerUnaryReactor* AccountService::GetClient(grpc::CallbackServerContext* context,
                                                    const v1::GetClientRequest* request,
                                                    v1::GetClientResponse* response) {
  return calls_.Run(*context, request->organization_id(),
                    [this, request, response] { return GetClient(*request, *response); });
}

grpc::ServerUnaryReactor* AccountService::ListClients(grpc::CallbackServerContext* context,
                                                      const v1::ListClientsRequest* request,
                                                      v1::ListClientsResponse* response) {
  return calls_.Run(*context, request->organization_id(),
                    [this, request, response] { return ListClients(*request, *response); });
}

absl::Status AccountService::GetClient(const v1::GetClientRequest& request,
                                       v1::GetClientResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto client = FindClient(store_, *organization_id, request);
  if (!client.ok()) return client.status();
  if (!*client) {
    return absl::NotFoundError(
        absl::StrCat("the organization ", organization_id->value(), " has no such client"));
  }
  ToMessage(**client, *response.mutable_client());
  return absl::OkStatus();
}

absl::Status AccountService::ListClients(const v1::ListClientsRequest& request,
                                         v1::ListClientsResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto page_size = CheckPageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto filter = FilterOf(request);
  if (!filter.ok()) return filter.status();
  std::optional<Uuid> after;
  if (!request.page_token().empty()) {
    const auto bytes = ReadPageToken(request.page_token());
    if (!bytes.ok()) return bytes.status();
    after = Uuid::FromBytes(*bytes);
    if (!after) return FieldInvalid("page_token", "is not one that this server gave");
  }
  const auto page = store_.ListClients(*organization_id, *filter, after, *page_size);
  if (!page.ok()) return page.status();
  for (const ClientRecord& record : page->records) ToMessage(record, *response.add_clients());
  if (page->next_after) response.set_next_page_token(MakePageToken(page->next_after->bytes()));
  return absl::OkStatus();
}

}  // namespace provisioning
