// SPDX-License-Identifier: Apache-2.0
#include "client/clients/clients_to_reissue.h"

#include <algorithm>
#include <utility>

#include "client/unary_call.h"

namespace provisioning {
namespace {

constexpr int listed_clients_per_page = 1000;

}  // namespace

RpcError ListClientsToReissue(v1::ClientAccountService::Stub& stub, const std::string& organization,
                              const std::string& import_id, std::vector<ClientToReissue>& clients) {
  v1::ListClientsRequest request;
  request.set_organization_id(organization);
  request.set_page_size(listed_clients_per_page);
  request.set_password_import_id(import_id);
  do {
    v1::ListClientsResponse response;
    RpcError error =
        CallUnary(stub, &v1::ClientAccountService::Stub::ListClients, request, response);
    if (!error.ok()) return error;
    for (v1::Client& client : *response.mutable_clients()) {
      clients.push_back({.row_number = client.password_row_number(),
                         .client_id = Uuid::Parse(client.client_id()).value_or(Uuid()),
                         .first_name = std::move(*client.mutable_first_name()),
                         .last_name = std::move(*client.mutable_last_name())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  std::ranges::sort(clients, [](const ClientToReissue& a, const ClientToReissue& b) {
    return std::pair(a.row_number, a.client_id) < std::pair(b.row_number, b.client_id);
  });
  return {};
}

}  // namespace provisioning
