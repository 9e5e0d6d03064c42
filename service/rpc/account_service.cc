// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/account_service.h"

#include <optional>
#include <string>
#include <utility>

#include "service/model/error.h"
#include "service/rpc/caller_identity.h"
#include "service/rpc/client_selection.h"
#include "service/rpc/create_client_call.h"
#include "service/rpc/message_conversion.h"
#include "service/rpc/page_request.h"
#include "service/rpc/refused_call.h"
#include "service/rpc/secret_field.h"
#include "service/rpc/start_check.h"
#include "service/rpc/status_conversion.h"
#include "service/rpc/wiping_reactor.h"

namespace provisioning {
namespace {

absl::StatusOr<ClientFilter> FilterOf(const v1::ListClientsRequest& request) {
  ClientFilter filter;
  if (!request.import_id().empty()) {
    const auto id = CheckUuid("import_id", request.import_id());
    if (!id.ok()) return id.status();
    filter.import_id = *id;
  }
  if (!request.password_import_id().empty()) {
    const auto id = CheckUuid("password_import_id", request.password_import_id());
    if (!id.ok()) return id.status();
    filter.password_import_id = *id;
  }
  if (request.has_password_expires_before()) {
    const auto& before = request.password_expires_before();
    filter.password_expires_before =
        absl::FromUnixSeconds(before.seconds()) + absl::Nanoseconds(before.nanos());
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

// The row of a request, without its passwords in any other memory.
ClientRow TakeRow(const v1::ClientRow& row) {
  return {.row_number = 1,
          .email_address = row.email_address(),
          .initial_password = TakeSecret(row.initial_password()),
          .first_name = row.first_name(),
          .last_name = row.last_name(),
          .birthdate = row.birthdate(),
          .gender = row.gender(),
          .password_hash = TakeSecret(row.password_hash())};
}

absl::StatusOr<StreamStart> StartOf(const v1::CreateClientRequest& request) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto request_id = CheckUuid("request_id", request.request_id());
  if (!request_id.ok()) return request_id.status();
  if (request.row().row_number() != 0) {
    return FieldInvalid("row.row_number", "must be absent: there is one row");
  }
  StreamStart start{.organization_id = *organization_id, .import_id = *request_id};
  // Who asks again has not had the answer.
  start.answered_through_row = 0;
  start.options.single_client = true;
  const auto missing_password = CheckMissingPassword(request.missing_password());
  if (!missing_password.ok()) return missing_password.status();
  start.options.missing_password = *missing_password;
  if (request.has_temporary_password_ttl()) {
    const auto ttl = CheckTtl(request.temporary_password_ttl(), "temporary_password_ttl");
    if (!ttl.ok()) return ttl.status();
    start.options.temporary_password_ttl = *ttl;
  }
  return start;
}

// A password that somebody types at an address.
template <typename Request>
absl::StatusOr<SignInRequest> SignInOf(const Request& request, SecretString password,
                                       std::string_view password_field, const Caller& caller) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  if (request.email_address().empty()) return FieldInvalid("email_address", "must be given");
  if (password.empty()) return FieldInvalid(password_field, "must be given");
  return SignInRequest{.organization_id = *organization_id,
                       .email_address = request.email_address(),
                       .password = std::move(password),
                       .caller = caller};
}

template <typename Response>
void WipeResult(Response& response) {
  WipeString(*response.mutable_result()->mutable_temporary_password());
}

}  // namespace

grpc::ServerUnaryReactor* AccountService::GetClient(grpc::CallbackServerContext* context,
                                                    const v1::GetClientRequest* request,
                                                    v1::GetClientResponse* response) {
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kRead);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return with_.calls.Run(*context, request->organization_id(), *caller,
                         [this, request, response] { return GetClient(*request, *response); });
}

grpc::ServerUnaryReactor* AccountService::ListClients(grpc::CallbackServerContext* context,
                                                      const v1::ListClientsRequest* request,
                                                      v1::ListClientsResponse* response) {
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kRead);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return with_.calls.Run(*context, request->organization_id(), *caller,
                         [this, request, response] { return ListClients(*request, *response); });
}

absl::Status AccountService::GetClient(const v1::GetClientRequest& request,
                                       v1::GetClientResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto client = FindClient(with_.store, *organization_id, request);
  if (!client.ok()) return client.status();
  ToMessage(*client, *response.mutable_client());
  return absl::OkStatus();
}

void AccountService::ToMessage(const ClientRecord& record, v1::Client& message) const {
  provisioning::ToMessage(record, message);
  message.set_locked(record.consecutive_failures >= with_.accounts.options().failures.failures_max);
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
  const auto page = with_.store.ListClients(*organization_id, *filter, after, *page_size);
  if (!page.ok()) return page.status();
  for (const ClientRecord& record : page->records) ToMessage(record, *response.add_clients());
  if (page->next_after) response.set_next_page_token(MakePageToken(page->next_after->bytes()));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AccountService::CreateClient(grpc::CallbackServerContext* context,
                                                       const v1::CreateClientRequest* request,
                                                       v1::CreateClientResponse* response) {
  auto* reactor = new WipingReactor([response] { WipeResult(*response); });
  ClientRow row = TakeRow(request->row());
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kCreate);
  auto start = caller.ok() ? StartOf(*request) : caller.status();
  auto place = start.ok() ? with_.calls.TryEnter(request->organization_id(), *caller)
                          : absl::StatusOr<WaitingCalls::Place>(start.status());
  if (!place.ok()) {
    reactor->Finish(ToGrpcStatus(place.status()));
    return reactor;
  }
  start->caller = *std::move(caller);
  CreateClientCall::Start(with_.imports, *std::move(start), std::move(row), *std::move(place),
                          *reactor, *response);
  return reactor;
}

grpc::ServerUnaryReactor* AccountService::ActivateClient(grpc::CallbackServerContext* context,
                                                         const v1::ActivateClientRequest* request,
                                                         v1::ActivateClientResponse* response) {
  SecretString password = TakeSecret(request->temporary_password());
  SecretString new_password = TakeSecret(request->new_password());
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kActivate);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return with_.passwords.Run(
      *context, request->organization_id(), *caller,
      [this, request, response, caller = *caller, password = std::move(password),
       new_password = std::move(new_password)]() mutable {
        const HashingPool::Lane lane(HashingOfImports());
        auto sign_in = SignInOf(*request, std::move(password), "temporary_password", caller);
        if (!sign_in.ok()) return sign_in.status();
        return ActivateClient(*sign_in, new_password, *response);
      });
}

absl::Status AccountService::ActivateClient(const SignInRequest& sign_in,
                                            const SecretString& new_password,
                                            v1::ActivateClientResponse& response) {
  const auto answer = with_.accounts.Activate(sign_in, new_password);
  if (!answer.ok()) return answer.status();
  response.set_outcome(static_cast<v1::ActivateClientOutcome>(answer->outcome));
  for (const FieldIssue& violation : answer->violations) {
    provisioning::ToMessage(violation, *response.add_violations());
  }
  if (!answer->client_id.is_nil()) response.set_client_id(answer->client_id.ToString());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AccountService::VerifyPassword(grpc::CallbackServerContext* context,
                                                         const v1::VerifyPasswordRequest* request,
                                                         v1::VerifyPasswordResponse* response) {
  SecretString password = TakeSecret(request->password());
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kVerify);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return with_.passwords.Run(
      *context, request->organization_id(), *caller,
      [this, request, response, caller = *caller, password = std::move(password)]() mutable {
        const HashingPool::Lane lane(HashingOfImports());
        auto sign_in = SignInOf(*request, std::move(password), "password", caller);
        if (!sign_in.ok()) return sign_in.status();
        return VerifyPassword(*sign_in, *response);
      });
}

absl::Status AccountService::VerifyPassword(const SignInRequest& sign_in,
                                            v1::VerifyPasswordResponse& response) {
  const auto answer = with_.accounts.VerifyPassword(sign_in);
  if (!answer.ok()) return answer.status();
  response.set_outcome(static_cast<v1::VerifyPasswordOutcome>(answer->outcome));
  if (!answer->client_id.is_nil()) response.set_client_id(answer->client_id.ToString());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AccountService::ReissueTemporaryPassword(
    grpc::CallbackServerContext* context, const v1::ReissueTemporaryPasswordRequest* request,
    v1::ReissueTemporaryPasswordResponse* response) {
  SecretString password = TakeSecret(request->temporary_password());
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kReissue);
  if (!caller.ok()) return Refuse(*context, caller.status());
  // A generated one is hashed in microseconds: a million of them keep nobody from
  // signing in.
  UnaryCalls& calls = password.empty() ? with_.calls : with_.passwords;
  return calls.RunSecret(
      request->organization_id(), *caller,
      [this, request, response, caller = *caller, password = std::move(password)]() mutable {
        return ReissueTemporaryPassword(*request, std::move(password), caller, *response);
      },
      [response] { WipeResult(*response); });
}

absl::Status AccountService::ReissueTemporaryPassword(
    const v1::ReissueTemporaryPasswordRequest& request, SecretString password, const Caller& caller,
    v1::ReissueTemporaryPasswordResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  std::optional<Uuid> import_id;
  if (!request.import_id().empty()) {
    const auto id = CheckUuid("import_id", request.import_id());
    if (!id.ok()) return id.status();
    import_id = *id;
  }
  absl::Duration ttl = limits::temporary_password_ttl_default;
  if (request.has_temporary_password_ttl()) {
    const auto asked = CheckTtl(request.temporary_password_ttl(), "temporary_password_ttl");
    if (!asked.ok()) return asked.status();
    ttl = *asked;
  }
  auto client = FindClient(with_.store, *organization_id, request);
  if (!client.ok()) return client.status();
  auto result = with_.accounts.ReissuePassword({.client = *std::move(client),
                                                .password = std::move(password),
                                                .ttl = ttl,
                                                .reset_active = request.reset_active(),
                                                .import_id = import_id,
                                                .caller = caller});
  if (!result.ok()) return result.status();
  provisioning::ToMessage(*result, *response.mutable_result());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AccountService::DeleteClient(grpc::CallbackServerContext* context,
                                                       const v1::DeleteClientRequest* request,
                                                       v1::DeleteClientResponse* response) {
  auto caller = AdmitCaller(*context, with_.access, request->organization_id(), Verb::kDelete);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return with_.calls.Run(*context, request->organization_id(), *caller,
                         [this, request, response, caller = *caller] {
                           return DeleteClient(*request, caller, *response);
                         });
}

absl::Status AccountService::DeleteClient(const v1::DeleteClientRequest& request,
                                          const Caller& caller,
                                          v1::DeleteClientResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  // An erased client still has its id, by which it may be erased again.
  const auto client_id = WhichClientId(with_.store, *organization_id, request);
  if (!client_id.ok()) return client_id.status();
  const auto erased =
      with_.store.EraseClient(*organization_id, *client_id, caller, with_.clock.Now());
  if (!erased.ok()) return erased.status();
  if (!*erased) return NoSuchClient(*organization_id);
  response.set_client_id(client_id->ToString());
  return absl::OkStatus();
}

}  // namespace provisioning
