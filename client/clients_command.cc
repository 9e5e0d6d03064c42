// SPDX-License-Identifier: Apache-2.0
#include "client/clients_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "client/connection.h"
#include "client/message.h"
#include "client/report/cell_text.h"
#include "client/report/json_text.h"
#include "client/report/table.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

constexpr int clients_per_page = 1000;

struct ClientsFlags {
  Connection connection;
  std::string organization;
  std::string client_id;
  std::string email;
  std::string import_id;
  std::string state;
  bool json = false;

  void AddShared(CLI::App& app) {
    app.add_option("--organization", organization, "The organization")
        ->type_name("ORG")
        ->required();
    app.add_flag("--json", json, "Print one JSON object per line");
    connection.AddFlags(app);
  }
};

std::string StateText(v1::ClientState state) {
  if (state == v1::CLIENT_STATE_PENDING) return "pending";
  if (state == v1::CLIENT_STATE_ACTIVE) return "active";
  return std::to_string(state);
}

std::string NameText(const v1::Client& client) {
  return client.first_name() + " " + client.last_name();
}

int ListClients(ClientsFlags& flags) {
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::ListClientsRequest request;
  request.set_organization_id(flags.organization);
  request.set_page_size(clients_per_page);
  request.set_import_id(flags.import_id);
  if (flags.state == "pending") request.set_state(v1::CLIENT_STATE_PENDING);
  if (flags.state == "active") request.set_state(v1::CLIENT_STATE_ACTIVE);
  std::unique_ptr<Table> table;
  do {
    grpc::ClientContext context;
    SetUnaryDeadline(context);
    v1::ListClientsResponse response;
    const grpc::Status status = stub->ListClients(&context, request, &response);
    if (!status.ok()) return Fail(ReadRpcError(status), flags.connection.server());
    for (const v1::Client& client : response.clients()) {
      if (flags.json) {
        std::printf("%s\n", JsonLine(client).c_str());
        continue;
      }
      if (table == nullptr) {
        table.reset(new Table({"EMAIL ADDRESS", "NAME", "STATE", "CREATED", "CLIENT ID"}, stdout));
      }
      table->Add({client.email_address(), NameText(client), StateText(client.state()),
                  TimeText(client.create_time()), client.client_id()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (table == nullptr && !flags.json) Say("No clients.");
  return kExitAccepted;
}

void PrintClient(const v1::Client& client) {
  const auto line = [](const char* name, const std::string& value) {
    if (!value.empty()) std::printf("%-21s %s\n", name, value.c_str());
  };
  line("email address", client.email_address());
  line("client id", client.client_id());
  line("organization", client.organization_id());
  line("name", NameText(client));
  line("birthdate", client.birthdate());
  line("gender", client.gender());
  line("state", StateText(client.state()));
  if (client.has_temporary_password_expires_at()) {
    line("password expires", TimeText(client.temporary_password_expires_at()));
  }
  line("created", TimeText(client.create_time()));
  line("changed", TimeText(client.update_time()));
  line("by import", client.import_id());
  if (client.row_number() > 0) line("row", std::to_string(client.row_number()));
}

int ShowClient(ClientsFlags& flags) {
  if (flags.client_id.empty() == flags.email.empty()) {
    return Fail(kExitUsage, "which client? Give an id or --email ADDRESS");
  }
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::GetClientRequest request;
  request.set_organization_id(flags.organization);
  if (flags.email.empty()) {
    request.set_client_id(flags.client_id);
  } else {
    request.set_email_address(flags.email);
  }
  grpc::ClientContext context;
  SetUnaryDeadline(context);
  v1::GetClientResponse response;
  const grpc::Status status = stub->GetClient(&context, request, &response);
  if (!status.ok()) return Fail(ReadRpcError(status), flags.connection.server());
  if (flags.json) {
    std::printf("%s\n", JsonLine(response.client()).c_str());
  } else {
    PrintClient(response.client());
  }
  return kExitAccepted;
}

}  // namespace

void AddClientsCommand(CLI::App& app, int& exit_code) {
  CLI::App* clients = app.add_subcommand("clients", "The clients of an organization");
  clients->require_subcommand(1);
  const auto flags = std::make_shared<ClientsFlags>();

  CLI::App* list = clients->add_subcommand("list", "All of them, newest first");
  flags->AddShared(*list);
  list->add_option("--import", flags->import_id, "Only those that this import made")
      ->type_name("UUID");
  list->add_option("--state", flags->state, "Only those in this state")
      ->check(CLI::IsMember({"pending", "active"}));
  list->callback([flags, &exit_code] { exit_code = ListClients(*flags); });

  CLI::App* show = clients->add_subcommand("show", "One of them");
  flags->AddShared(*show);
  show->add_option("ID", flags->client_id, "The client's id");
  show->add_option("--email", flags->email, "The client's address")->type_name("ADDRESS");
  show->callback([flags, &exit_code] { exit_code = ShowClient(*flags); });
}

}  // namespace provisioning
