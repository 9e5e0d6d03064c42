// SPDX-License-Identifier: Apache-2.0
#include "client/pinned_options.h"

#include "client/connection.h"
#include "client/message.h"
#include "client/terminal/duration_text.h"
#include "provisioning/v1/client_provisioning_service.grpc.pb.h"
#include "service/model/limits.h"

namespace provisioning {
namespace {

std::string GenerateText(v1::MissingPassword value) {
  return value == v1::MISSING_PASSWORD_GENERATE ? "given" : "not given";
}

std::string ExistingText(v1::ExistingAccount value) {
  switch (value) {
    case v1::EXISTING_ACCOUNT_UPDATE_PROFILE:
      return "update";
    case v1::EXISTING_ACCOUNT_REISSUE_PENDING:
      return "reissue";
    default:
      return "report";
  }
}

std::string TtlText(const v1::Import& import) {
  const absl::Duration ttl = absl::Seconds(import.temporary_password_ttl().seconds());
  return DurationFlag(ttl == absl::ZeroDuration() ? limits::temporary_password_ttl_default : ttl);
}

std::string SourceText(const v1::Import& import, const ImportSettings& settings,
                       const std::string& sha256) {
  const std::string now = settings.file == "-" ? "the data on standard input" : settings.file;
  const std::string before = import.source_name().empty() ? "" : import.source_name() + ", ";
  return now + ": not what the import was started with (that was " + before + "SHA-256 " +
         import.source_sha256() + "; this is " + sha256 +
         "), or it is read with another --encoding or --delimiter";
}

}  // namespace

AskedImport AskForImport(const ImportSettings& settings) {
  const auto stub = v1::ClientProvisioningService::NewStub(settings.connection.NewChannel());
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  v1::GetImportRequest request;
  request.set_organization_id(settings.organization);
  request.set_import_id(settings.import_id);
  v1::GetImportResponse response;
  const grpc::Status status = stub->GetImport(&context, request, &response);
  return {ReadRpcError(status), response.import()};
}

bool IsReverted(const v1::Import& import) {
  return import.state() == v1::IMPORT_STATE_REVERTING ||
         import.state() == v1::IMPORT_STATE_REVERTED;
}

int FailReverted(const ImportSettings& settings) {
  const RpcError error = {.code = grpc::StatusCode::FAILED_PRECONDITION,
                          .reason = "IMPORT_REVERTED"};
  return Fail(error, settings.connection.server());
}

std::vector<std::string> DifferingOptions(const v1::Import& import, const ImportSettings& settings,
                                          const std::string& source_sha256) {
  std::vector<std::string> lines;
  const auto compare = [&lines](const std::string& flag, const std::string& before,
                                const std::string& now) {
    if (before != now) lines.push_back(flag + ": was " + before + ", now " + now);
  };
  const v1::ImportStart start = settings.Start();
  compare("--generate-passwords", GenerateText(import.missing_password()),
          GenerateText(start.missing_password()));
  compare("--existing", ExistingText(import.existing_account()),
          ExistingText(start.existing_account()));
  compare("--ttl", TtlText(import), DurationFlag(settings.ttl));
  const bool other_source =
      !import.source_sha256().empty() && import.source_sha256() != source_sha256;
  if (other_source) lines.push_back(SourceText(import, settings, source_sha256));
  return lines;
}

std::string OptionOfField(const std::string& field) {
  if (field == "missing_password") return "--generate-passwords";
  if (field == "existing_account") return "--existing";
  if (field == "temporary_password_ttl") return "--ttl";
  if (field == "source_sha256") return "the file";
  return field;
}

int FailOptionsDiffer(const ImportSettings& settings, const std::vector<std::string>& lines) {
  std::string message =
      "import " + settings.import_id + " was started with something else, so it cannot go on:";
  for (const std::string& line : lines) message += "\n  " + line;
  return Fail(kExitUsage, message +
                              "\nGo on with what it was started with, or leave --import-id out "
                              "to start a new import.");
}

}  // namespace provisioning
