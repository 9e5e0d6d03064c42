// SPDX-License-Identifier: Apache-2.0
#include "client/clients/show_client.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

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

struct ShowFlags : RecordFlags {
  WhichClient which;
};

int ShowClient(ShowFlags& flags) {
  absl::Status status = flags.which.Check();
  if (status.ok()) status = flags.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::GetClientRequest request;
  request.set_organization_id(flags.organization);
  flags.which.Fill(request);
  v1::GetClientResponse response;
  const RpcError error =
      CallUnary(*stub, &v1::ClientAccountService::Stub::GetClient, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return FailNoClient(flags.organization, flags.which.text());
  }
  if (!error.ok()) return Fail(error, flags.connection.server());
  if (flags.json) {
    std::printf("%s\n", JsonLine(response.client()).c_str());
  } else {
    PrintClient(response.client());
  }
  return StdoutEnd().value_or(kExitAccepted);
}

}  // namespace

void AddShowClient(CLI::App& clients, Command& chosen) {
  CLI::App* show = clients.add_subcommand("show", "Show one client");
  const auto flags = std::make_shared<ShowFlags>();
  flags->which.AddTo(*show);
  flags->AddTo(*show);
  show->callback([flags, &chosen] { chosen = [flags] { return ShowClient(*flags); }; });
}

}  // namespace provisioning
