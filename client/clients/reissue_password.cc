// SPDX-License-Identifier: Apache-2.0
#include "client/clients/reissue_password.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/clients/import_reissue.h"
#include "client/clients/issue_words.h"
#include "client/clients/one_result.h"
#include "client/clients/which_client.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/passwords/lent_password.h"
#include "client/passwords/take_passwords.h"
#include "client/report/cell_text.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

struct ReissueFlags : ImportReissueSettings {
  WhichClient which;
  std::string passwords_file;
  bool reset_active = false;
  std::string ttl_text = "7d";
  std::string reconnect_timeout_text = "5m";

  absl::Status Check();

 private:
  absl::Status CheckOne() const;
  absl::Status CheckImport() const;
};

absl::Status ReissueFlags::CheckOne() const {
  if (absl::Status status = which.Check(); !status.ok()) return status;
  if (passwords_file.empty() && results_path.empty() && !json) {
    return absl::FailedPreconditionError(
        "where is the new password to go? Give --results FILE, or --json; it is shown nowhere "
        "else");
  }
  return absl::OkStatus();
}

absl::Status ReissueFlags::CheckImport() const {
  if (which.given()) {
    return absl::FailedPreconditionError("--import is about all of its clients: name none");
  }
  if (!Uuid::Parse(import_id)) {
    return absl::FailedPreconditionError(
        "--import: \"" + import_id + "\" is no import's id. `provision imports list` shows them.");
  }
  if (!passwords_file.empty() || reset_active) {
    return absl::FailedPreconditionError(
        "--import excludes --passwords-file and --reset-active: only temporary passwords that the "
        "import has set are made anew");
  }
  if (results_path.empty()) {
    return absl::FailedPreconditionError("where are the new passwords to go? Give --results FILE");
  }
  return absl::OkStatus();
}

absl::Status ReissueFlags::Check() {
  if (absl::Status status = import_id.empty() ? CheckOne() : CheckImport(); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadTtlFlag(ttl_text, ttl); !status.ok()) return status;
  absl::Status status =
      ReadDurationFlag("--reconnect-timeout", reconnect_timeout_text, reconnect_timeout);
  return status.ok() ? connection.Prepare() : status;
}

// The client's names, for the results. An error is told with the call itself, if
// it matters there.
v1::Client ClientOf(v1::ClientAccountService::Stub& stub, const ReissueFlags& flags) {
  v1::GetClientRequest request;
  request.set_organization_id(flags.organization);
  flags.which.Fill(request);
  v1::GetClientResponse response;
  (void)CallUnary(stub, &v1::ClientAccountService::Stub::GetClient, request, response);
  return response.client();
}

int TellReissued(const OneResult& output, const v1::RowResult& result) {
  if (result.outcome() != v1::ROW_OUTCOME_REISSUED) {
    const int code = Fail(kExitSomeRefused, "the password is rejected, and nothing was changed:");
    SayIssues(result.violations());
    return code;
  }
  Say(result.email_address() + " has a new temporary password. The new one" + output.InFile() +
      " works until " + TimeText(result.password_expires_at()) + ", the one before no more.");
  SayIssues(result.warnings());
  return kExitAccepted;
}

int TellNotReissued(const ReissueFlags& flags, const RpcError& error) {
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoClient(flags.organization, flags.which.text());
  }
  const int code = Fail(error, flags.connection.server());
  if (FateUnknown(error)) {
    Say("It is unknown whether the password before still works. Run the same command again: the "
        "last password that is made is the one that works.");
  }
  return code;
}

int ReissueOne(ReissueFlags& flags) {
  std::vector<SecretString> passwords;
  if (!flags.passwords_file.empty()) {
    const PasswordQuestion questions[] = {{"new temporary password", true}};
    auto taken = TakePasswords(flags.passwords_file, questions, flags.which.text());
    if (!taken.ok()) return Fail(taken.status());
    passwords = *std::move(taken);
  }
  OneResult output(flags.results_path, flags.json);
  if (absl::Status status = output.Open(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  const v1::Client client = flags.results_path.empty() ? v1::Client() : ClientOf(*stub, flags);
  v1::ReissueTemporaryPasswordRequest request;
  request.set_organization_id(flags.organization);
  flags.which.Fill(request);
  request.mutable_temporary_password_ttl()->set_seconds(absl::ToInt64Seconds(flags.ttl));
  request.set_reset_active(flags.reset_active);
  std::optional<LentPassword> lent;
  if (!passwords.empty()) lent.emplace(passwords.front(), *request.mutable_temporary_password());
  v1::ReissueTemporaryPasswordResponse response;
  const RpcError error = CallUnary(*stub, &v1::ClientAccountService::Stub::ReissueTemporaryPassword,
                                   request, response);
  if (!error.ok()) return TellNotReissued(flags, error);
  const absl::Status written =
      output.Write(*response.mutable_result(), client.first_name(), client.last_name());
  if (written.ok()) return TellReissued(output, response.result());
  Fail(written);
  Say("The new password is written down nowhere. Run the same command again for another one.");
  return kExitBrokenOff;
}

int Reissue(ReissueFlags& flags) {
  if (absl::Status status = flags.Check(); !status.ok()) return Fail(status);
  return flags.import_id.empty() ? ReissueOne(flags) : ReissueImport(flags);
}

}  // namespace

void AddReissuePassword(CLI::App& clients, Command& chosen) {
  CLI::App* command = clients.add_subcommand(
      "reissue", "Give a client, or all of an import, a new temporary password");
  const auto flags = std::make_shared<ReissueFlags>();
  flags->which.AddTo(*command);
  command
      ->add_option("--import", flags->import_id,
                   "All clients who have not used the password that this import gave them")
      ->type_name("UUID");
  command->add_option("--ttl", flags->ttl_text, "How long the new password works")
      ->type_name("TIME")
      ->capture_default_str();
  command->add_flag("--reset-active", flags->reset_active,
                    "Also if the client has a password of their own, which is void then");
  AddPasswordsFileFlag(*command,
                       "Read the new password from this file, one line; else the service makes it",
                       flags->passwords_file);
  command->add_option("--results", flags->results_path, "Where the new passwords go")
      ->type_name("FILE");
  command->add_flag("--yes", flags->yes, "Do not ask (with --import)");
  command
      ->add_option("--reconnect-timeout", flags->reconnect_timeout_text,
                   "How long to try when the server is away (with --import)")
      ->type_name("TIME")
      ->capture_default_str();
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return Reissue(*flags); }; });
}

}  // namespace provisioning
