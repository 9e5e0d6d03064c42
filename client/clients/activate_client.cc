// SPDX-License-Identifier: Apache-2.0
#include "client/clients/activate_client.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/clients/issue_words.h"
#include "client/clients/password_words.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/passwords/lent_password.h"
#include "client/passwords/take_passwords.h"
#include "client/record_flags.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

struct ActivateFlags : RecordFlags {
  std::string email;
  std::string passwords_file;
};

std::string ActivateWords(v1::ActivateClientOutcome outcome, const std::string& email) {
  switch (outcome) {
    case v1::ACTIVATE_CLIENT_OUTCOME_PASSWORD_REFUSED:
      return "the new password is refused, and nothing was changed:";
    case v1::ACTIVATE_CLIENT_OUTCOME_WRONG:
      return "this is not the temporary password of " + email +
             ", who may be active already; or there is no such client.";
    case v1::ACTIVATE_CLIENT_OUTCOME_EXPIRED:
      return ExpiredWords(email);
    case v1::ACTIVATE_CLIENT_OUTCOME_LOCKED:
      return LockedWords(email);
    case v1::ACTIVATE_CLIENT_OUTCOME_ALREADY_ACTIVE:
      return email + " is active already, and this is the client's own password.";
    default:
      return UnknownOutcomeWords(outcome);
  }
}

int TellActivated(const ActivateFlags& flags, const v1::ActivateClientResponse& response) {
  if (flags.json) std::printf("%s\n", JsonLine(response).c_str());
  if (const auto end = StdoutEnd()) return *end;
  if (response.outcome() == v1::ACTIVATE_CLIENT_OUTCOME_ACTIVATED) {
    Say(flags.email + " is active, and signs in with the new password from now on.");
    return kExitAccepted;
  }
  const int code = Fail(kExitSomeRefused, ActivateWords(response.outcome(), flags.email));
  SayIssues(response.violations());
  return code;
}

int ActivateClient(ActivateFlags& flags) {
  absl::Status status = CheckText("--email", flags.email);
  if (status.ok()) status = flags.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const PasswordQuestion questions[] = {{"temporary password", false}, {"new password", true}};
  const auto passwords = TakePasswords(flags.passwords_file, questions, flags.email);
  if (!passwords.ok()) return Fail(passwords.status());
  v1::ActivateClientRequest request;
  request.set_organization_id(flags.organization);
  request.set_email_address(flags.email);
  const LentPassword lent((*passwords)[0], *request.mutable_temporary_password());
  const LentPassword lent_new((*passwords)[1], *request.mutable_new_password());
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::ActivateClientResponse response;
  const RpcError error =
      CallUnary(*stub, &v1::ClientAccountService::Stub::ActivateClient, request, response);
  if (error.ok()) return TellActivated(flags, response);
  const int code = Fail(error, flags.connection.server());
  if (FateUnknown(error)) {
    Say("It is unknown whether the new password was set. `provision clients verify`, given the new "
        "password, tells.");
  }
  return code;
}

}  // namespace

void AddActivateClient(CLI::App& clients, Command& chosen) {
  CLI::App* command = clients.add_subcommand(
      "activate", "Set a client's own password, in exchange for the temporary one");
  const auto flags = std::make_shared<ActivateFlags>();
  command->add_option("--email", flags->email, "The client's address")
      ->type_name("ADDRESS")
      ->required();
  AddPasswordsFileFlag(*command,
                       "Read the passwords from this file, the temporary one and, in the next "
                       "line, the new one",
                       flags->passwords_file);
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return ActivateClient(*flags); }; });
}

}  // namespace provisioning
