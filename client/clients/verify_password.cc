// SPDX-License-Identifier: Apache-2.0
#include "client/clients/verify_password.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/clients/password_words.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/passwords/lent_password.h"
#include "client/passwords/take_passwords.h"
#include "client/record_flags.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/terminal/text_columns.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

struct VerifyFlags : RecordFlags {
  std::string email;
  std::string passwords_file;
};

std::string VerifyWords(v1::VerifyPasswordOutcome outcome, const std::string& email) {
  switch (outcome) {
    case v1::VERIFY_PASSWORD_OUTCOME_WRONG:
      return "this is not the password of " + email + ", or there is no such client.";
    case v1::VERIFY_PASSWORD_OUTCOME_MUST_ACTIVATE:
      return "this is the temporary password of " + email +
             ", which is good for `provision clients activate` alone.";
    case v1::VERIFY_PASSWORD_OUTCOME_EXPIRED:
      return ExpiredWords(email);
    case v1::VERIFY_PASSWORD_OUTCOME_LOCKED:
      return LockedWords(email);
    default:
      return UnknownOutcomeWords(outcome);
  }
}

int TellVerified(const VerifyFlags& flags, const v1::VerifyPasswordResponse& response) {
  const bool right = response.outcome() == v1::VERIFY_PASSWORD_OUTCOME_OK;
  if (flags.json) {
    std::printf("%s\n", JsonLine(response).c_str());
  } else if (right) {
    std::printf("%s: this is the password\n", TerminalLine(flags.email).c_str());
  }
  if (const auto end = StdoutEnd()) return *end;
  if (right) return kExitAccepted;
  return Fail(kExitSomeRefused, VerifyWords(response.outcome(), flags.email));
}

int VerifyPassword(VerifyFlags& flags) {
  absl::Status status = CheckText("--email", flags.email);
  if (status.ok()) status = flags.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const PasswordQuestion questions[] = {{"password", false}};
  const auto passwords = TakePasswords(flags.passwords_file, questions, flags.email);
  if (!passwords.ok()) return Fail(passwords.status());
  v1::VerifyPasswordRequest request;
  request.set_organization_id(flags.organization);
  request.set_email_address(flags.email);
  const LentPassword lent(passwords->front(), *request.mutable_password());
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::VerifyPasswordResponse response;
  const RpcError error =
      CallUnary(*stub, &v1::ClientAccountService::Stub::VerifyPassword, request, response);
  if (!error.ok()) return Fail(error, flags.connection.server());
  return TellVerified(flags, response);
}

}  // namespace

void AddVerifyPassword(CLI::App& clients, Command& chosen) {
  CLI::App* command =
      clients.add_subcommand("verify", "Check a client's password, as a sign-in would");
  const auto flags = std::make_shared<VerifyFlags>();
  command->add_option("--email", flags->email, "The client's address")
      ->type_name("ADDRESS")
      ->required();
  AddPasswordsFileFlag(*command, "Read the password from this file, one line",
                       flags->passwords_file);
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return VerifyPassword(*flags); }; });
}

}  // namespace provisioning
