// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/provisioning_service.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "service/model/error.h"
#include "service/rpc/caller_identity.h"
#include "service/rpc/import_clients_reactor.h"
#include "service/rpc/message_conversion.h"
#include "service/rpc/page_request.h"
#include "service/rpc/refused_call.h"
#include "service/rpc/revert_import_reactor.h"
#include "service/rpc/status_conversion.h"

namespace provisioning {
namespace {

// Microseconds since 1970, and the id.
std::string TokenOf(const ImportPosition& position) {
  return MakePageToken(
      absl::StrCat(absl::ToUnixMicros(position.create_time), " ", position.import_id.ToString()));
}

absl::StatusOr<ImportPosition> PositionOf(const std::string& token) {
  auto bytes = ReadPageToken(token);
  if (!bytes.ok()) return bytes.status();
  const std::size_t space = bytes->find(' ');
  std::int64_t micros = 0;
  if (space == std::string::npos || !absl::SimpleAtoi(bytes->substr(0, space), &micros)) {
    return FieldInvalid("page_token", "is not one that this server gave");
  }
  const auto id = Uuid::Parse(bytes->substr(space + 1));
  if (!id) return FieldInvalid("page_token", "is not one that this server gave");
  return ImportPosition{absl::FromUnixMicros(micros), *id};
}

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ProvisioningService::ImportClients(
    grpc::CallbackServerContext* context) {
  auto caller = AdmitCaller(*context, access_);
  auto place = caller.ok() ? access_.OpenStream(*caller) : caller.status();
  if (!place.ok()) {
    return new RefusedCall<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>(
        place.status());
  }
  return new ImportClientsReactor(core_, access_, *context, *std::move(caller), *std::move(place));
}

grpc::ServerUnaryReactor* ProvisioningService::GetImportSchema(
    grpc::CallbackServerContext* context, const v1::GetImportSchemaRequest* /*request*/,
    v1::GetImportSchemaResponse* response) {
  const auto caller = AdmitCaller(*context, access_);
  if (!caller.ok()) return Refuse(*context, caller.status());
  *response = SchemaMessage(core_.dependencies().hashing_pool.hashes_per_second());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* ProvisioningService::GetImport(grpc::CallbackServerContext* context,
                                                         const v1::GetImportRequest* request,
                                                         v1::GetImportResponse* response) {
  const auto caller =
      AdmitCaller(*context, access_, request->organization_id(), Verb::kRead, request->import_id());
  if (!caller.ok()) return Refuse(*context, caller.status());
  return calls_.Run(*context, request->organization_id(), *caller,
                    [this, request, response] { return GetImport(*request, *response); });
}

grpc::ServerUnaryReactor* ProvisioningService::ListImports(grpc::CallbackServerContext* context,
                                                           const v1::ListImportsRequest* request,
                                                           v1::ListImportsResponse* response) {
  const auto caller = AdmitCaller(*context, access_, request->organization_id(), Verb::kRead);
  if (!caller.ok()) return Refuse(*context, caller.status());
  return calls_.Run(*context, request->organization_id(), *caller,
                    [this, request, response] { return ListImports(*request, *response); });
}

grpc::ServerWriteReactor<v1::RevertImportResponse>* ProvisioningService::RevertImport(
    grpc::CallbackServerContext* context, const v1::RevertImportRequest* request) {
  using Refused = RefusedCall<grpc::ServerWriteReactor<v1::RevertImportResponse>>;
  auto caller = AdmitCaller(*context, access_, request->organization_id(), Verb::kRevert,
                            request->import_id());
  if (!caller.ok()) return new Refused(caller.status());
  const auto organization_id = CheckOrganizationId(request->organization_id());
  if (!organization_id.ok()) return new Refused(organization_id.status());
  const auto import_id = CheckUuid("import_id", request->import_id());
  if (!import_id.ok()) return new Refused(import_id.status());
  auto place = access_.OpenStream(*caller);
  if (!place.ok()) return new Refused(place.status());
  return new RevertImportReactor({core_, store_, calls_, access_}, {*organization_id, *import_id},
                                 *std::move(caller), *std::move(place));
}

absl::Status ProvisioningService::GetImport(const v1::GetImportRequest& request,
                                            v1::GetImportResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto import_id = CheckUuid("import_id", request.import_id());
  if (!import_id.ok()) return import_id.status();
  const auto record = store_.GetImport({*organization_id, *import_id});
  if (!record.ok()) return record.status();
  if (!*record) {
    return MakeError(ErrorReason::kImportNotFound,
                     absl::StrCat("the organization ", organization_id->value(), " has no import ",
                                  import_id->ToString()));
  }
  ToMessage(**record, *response.mutable_import());
  return absl::OkStatus();
}

absl::Status ProvisioningService::ListImports(const v1::ListImportsRequest& request,
                                              v1::ListImportsResponse& response) {
  const auto organization_id = CheckOrganizationId(request.organization_id());
  if (!organization_id.ok()) return organization_id.status();
  const auto page_size = CheckPageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  std::optional<ImportPosition> after;
  if (!request.page_token().empty()) {
    auto position = PositionOf(request.page_token());
    if (!position.ok()) return position.status();
    after = *position;
  }
  const auto page = store_.ListImports(*organization_id, after, *page_size);
  if (!page.ok()) return page.status();
  for (const ImportRecord& record : page->records) ToMessage(record, *response.add_imports());
  if (page->next_after) response.set_next_page_token(TokenOf(*page->next_after));
  return absl::OkStatus();
}

}  // namespace provisioning
