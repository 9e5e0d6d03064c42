// SPDX-License-Identifier: Apache-2.0
#include "client/clients/delete_client.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "client/clients/client_text.h"
#include "client/clients/which_client.h"
#include "client/message.h"
#include "client/record_flags.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

struct DeleteFlags : RecordFlags {
  WhichClient which;
  bool yes = false;
};

// Nothing: go on. Else the exit code.
std::optional<int> AskBeforeDeletion(v1::ClientAccountService::Stub& stub,
                                     const DeleteFlags& flags) {
  if (flags.yes) return std::nullopt;
  if (NoInput() || !PersonIsThere()) {
    return Fail(kExitUsage,
                "nobody is there to be asked. If the client is to be erased, say --yes.");
  }
  v1::GetClientRequest request;
  request.set_organization_id(flags.organization);
  flags.which.Fill(request);
  v1::GetClientResponse response;
  const RpcError error =
      CallUnary(stub, &v1::ClientAccountService::Stub::GetClient, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoClient(flags.organization, flags.which.text());
  }
  if (!error.ok()) return Fail(error, flags.connection.server());
  const v1::Client& client = response.client();
  if (Ask("Erase " + client.email_address() + " (" + NameText(client) + ") of the organization \"" +
          flags.organization + "\"? Nothing brings the account back.")) {
    return std::nullopt;
  }
  Say("Nothing was deleted.");
  return kExitSomeRefused;
}

int DeleteClient(DeleteFlags& flags) {
  absl::Status status = flags.which.Check();
  if (status.ok()) status = flags.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  if (const auto end = AskBeforeDeletion(*stub, flags)) return *end;
  v1::DeleteClientRequest request;
  request.set_organization_id(flags.organization);
  flags.which.Fill(request);
  v1::DeleteClientResponse response;
  const RpcError error =
      CallUnary(*stub, &v1::ClientAccountService::Stub::DeleteClient, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoClient(flags.organization, flags.which.text());
  }
  if (!error.ok()) {
    const int code = Fail(error, flags.connection.server());
    if (FateUnknown(error)) {
      Say("It is unknown whether the client was erased. Run the same command again: that there is "
          "no such client means it was.");
    }
    return code;
  }
  if (flags.json) {
    std::printf("%s\n", JsonLine(response).c_str());
    return StdoutEnd().value_or(kExitAccepted);
  }
  Say("Erased " + flags.which.text() + ". Address and names are gone; the id " +
      response.client_id() + " stays, and names nobody.");
  return kExitAccepted;
}

}  // namespace

void AddDeleteClient(CLI::App& clients, Command& chosen) {
  CLI::App* command = clients.add_subcommand("delete", "Erase a client");
  const auto flags = std::make_shared<DeleteFlags>();
  flags->which.AddTo(*command);
  command->add_flag("--yes", flags->yes, "Do not ask");
  flags->AddTo(*command);
  command->callback([flags, &chosen] { chosen = [flags] { return DeleteClient(*flags); }; });
}

}  // namespace provisioning
