// SPDX-License-Identifier: Apache-2.0
#include "client/clients/create_client.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "client/clients/issue_words.h"
#include "client/clients/one_result.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/passwords/lent_password.h"
#include "client/passwords/take_passwords.h"
#include "client/record_flags.h"
#include "client/report/cell_text.h"
#include "client/retried_call.h"
#include "client/session/interrupt.h"
#include "client/terminal/duration_text.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/model/limits.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

struct CreateFlags : RecordFlags {
  std::string email;
  std::string first_name;
  std::string last_name;
  std::string birthdate;
  std::string gender;
  bool generate_password = false;
  std::string passwords_file;
  std::string ttl_text = "7d";
  std::string request_id;
  std::string results_path;
  absl::Duration ttl = absl::ZeroDuration();

  absl::Status Check();
  // The command that makes the same request.
  std::string CommandAgain() const;
};

absl::Status CreateFlags::Check() {
  const std::pair<const char*, const std::string&> texts[] = {{"--email", email},
                                                              {"--first-name", first_name},
                                                              {"--last-name", last_name},
                                                              {"--birthdate", birthdate},
                                                              {"--gender", gender}};
  for (const auto& [flag, text] : texts) {
    if (absl::Status status = CheckText(flag, text); !status.ok()) return status;
  }
  if (generate_password && !passwords_file.empty()) {
    return absl::FailedPreconditionError("--generate-password excludes --passwords-file");
  }
  if (generate_password && results_path.empty() && !json) {
    return absl::FailedPreconditionError(
        "where is the password to go? Give --results FILE, or --json; it is shown nowhere else");
  }
  if (request_id.empty()) request_id = Uuid::NewV7(absl::Now()).ToString();
  if (!Uuid::Parse(request_id)) {
    return absl::FailedPreconditionError("--request-id: \"" + request_id +
                                         "\" is not a UUID in lower case. Leave it out for a new "
                                         "request.");
  }
  if (absl::Status status = ReadTtlFlag(ttl_text, ttl); !status.ok()) return status;
  return connection.Prepare();
}

std::string CreateFlags::CommandAgain() const {
  std::vector<std::string> arguments = {ProgramName(), "clients", "create", "--organization",
                                        organization};
  const auto add = [&arguments](const std::string& flag, const std::string& value) {
    if (value.empty()) return;
    // A value that looks like a flag would be taken for one.
    arguments.push_back(value.front() == '-' ? flag + "=" + value : flag);
    if (value.front() != '-') arguments.push_back(value);
  };
  add("--email", email);
  add("--first-name", first_name);
  add("--last-name", last_name);
  add("--birthdate", birthdate);
  add("--gender", gender);
  if (generate_password) arguments.push_back("--generate-password");
  add("--passwords-file", passwords_file);
  if (ttl != limits::temporary_password_ttl_default) add("--ttl", DurationFlag(ttl));
  add("--results", results_path);
  if (json) arguments.push_back("--json");
  add("--request-id", request_id);
  const auto connected = connection.Arguments();
  arguments.insert(arguments.end(), connected.begin(), connected.end());
  return ShellCommand(arguments);
}

v1::CreateClientRequest CreateRequest(const CreateFlags& flags) {
  v1::CreateClientRequest request;
  request.set_organization_id(flags.organization);
  request.set_request_id(flags.request_id);
  v1::ClientRow& row = *request.mutable_row();
  row.set_email_address(flags.email);
  row.set_first_name(flags.first_name);
  row.set_last_name(flags.last_name);
  row.set_birthdate(flags.birthdate);
  row.set_gender(flags.gender);
  if (flags.generate_password) request.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  request.mutable_temporary_password_ttl()->set_seconds(absl::ToInt64Seconds(flags.ttl));
  return request;
}

// The warnings say so when the password was used or replaced since.
std::string PasswordWords(const OneResult& output, const v1::RowResult& result) {
  if (!result.has_password_expires_at()) return "";
  const bool renewed = result.replayed() && !result.temporary_password().empty();
  return " The temporary password" + output.InFile() + " works until " +
         TimeText(result.password_expires_at()) +
         (renewed ? ", one of an earlier answer no more." : ".");
}

int TellCreated(const CreateFlags& flags, const OneResult& output, const v1::RowResult& result) {
  const std::string who = result.email_address() + " (client id " + result.client_id() + ")";
  switch (result.outcome()) {
    case v1::ROW_OUTCOME_CREATED:
      Say((result.replayed() ? who + " was created by this request before."
                             : "Created " + who + ".") +
          PasswordWords(output, result));
      SayIssues(result.warnings());
      return kExitAccepted;
    case v1::ROW_OUTCOME_ALREADY_EXISTS:
      Say("The organization \"" + flags.organization + "\" has " + who +
          " already. Nothing was changed.");
      return kExitAccepted;
    case v1::ROW_OUTCOME_CONFLICTING_REPLAY:
      return Fail(kExitSomeRefused,
                  "this --request-id was used for another client, or for one that "
                  "is gone. Leave it out for a new request.");
    default:
      break;
  }
  const int code = Fail(kExitSomeRefused, "rejected, and nothing was written:");
  SayIssues(result.violations());
  return code;
}

// What can be said of a request whose answer did not come.
int TellUnanswered(const CreateFlags& flags, const RpcError& error, bool interrupted) {
  const int code = interrupted ? kExitInterrupted : Fail(error, flags.connection.server());
  if (interrupted) SayAnyway("Stopped.");
  if (!interrupted && AfterErrorOf(error) != AfterError::kResume) return code;
  SayAnyway("To try again; the client is not made twice:\n  " + flags.CommandAgain());
  return code;
}

int CreateClient(CreateFlags& flags) {
  if (absl::Status status = flags.Check(); !status.ok()) return Fail(status);
  std::vector<SecretString> passwords;
  if (!flags.generate_password) {
    const PasswordQuestion questions[] = {{"temporary password", true}};
    auto taken = TakePasswords(flags.passwords_file, questions, flags.email);
    if (!taken.ok()) return Fail(taken.status());
    passwords = *std::move(taken);
  }
  const Interrupt& interrupt = InstallInterruptHandlers();
  OneResult output(flags.results_path, flags.json);
  if (absl::Status status = output.Open(); !status.ok()) return Fail(status);
  v1::CreateClientRequest request = CreateRequest(flags);
  std::optional<LentPassword> lent;
  if (!passwords.empty()) {
    lent.emplace(passwords.front(), *request.mutable_row()->mutable_initial_password());
  }
  SayDetail("Request " + flags.request_id);
  v1::CreateClientResponse response;
  const RpcError error = CallUntilAnswered(
      [&](grpc::ClientContext& context) {
        const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
        return stub->CreateClient(&context, request, &response);
      },
      [&](const RpcError& failed) {
        Say("No answer from " + flags.connection.server() + ": " + DescribeRpcError(failed) +
            "\nTrying again with the same request, " + flags.request_id + "; Ctrl-C stops.");
      },
      interrupt);
  if (!error.ok()) return TellUnanswered(flags, error, interrupt.requested());
  const absl::Status written =
      output.Write(*response.mutable_result(), flags.first_name, flags.last_name);
  if (!written.ok()) {
    Fail(written);
    SayAnyway("The client is there, and the answer is not written down. To ask for it again:\n  " +
              flags.CommandAgain());
    return kExitBrokenOff;
  }
  return TellCreated(flags, output, response.result());
}

}  // namespace

void AddCreateClient(CLI::App& clients, Command& chosen) {
  CLI::App* command = clients.add_subcommand("create", "Make one client");
  const auto flags = std::make_shared<CreateFlags>();
  command->add_option("--email", flags->email, "The client's address")
      ->type_name("ADDRESS")
      ->required();
  command->add_option("--first-name", flags->first_name, "The first name")
      ->type_name("NAME")
      ->required();
  command->add_option("--last-name", flags->last_name, "The last name")
      ->type_name("NAME")
      ->required();
  command->add_option("--birthdate", flags->birthdate, "The birthdate")->type_name("YYYYMMDD");
  command->add_option("--gender", flags->gender, "M or F")->type_name("M|F");
  command->add_flag(
      "--generate-password", flags->generate_password,
      "Let the service make the temporary password; else it is asked at the terminal");
  AddPasswordsFileFlag(*command, "Read the temporary password from this file, one line",
                       flags->passwords_file);
  command->add_option("--ttl", flags->ttl_text, "How long the temporary password works")
      ->type_name("TIME")
      ->capture_default_str();
  command
      ->add_option("--results", flags->results_path,
                   "Where the result goes, with a generated password")
      ->type_name("FILE");
  command
      ->add_option("--request-id", flags->request_id, "The request's id, of one that got no answer")
      ->type_name("UUID");
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return CreateClient(*flags); }; });
}

}  // namespace provisioning
