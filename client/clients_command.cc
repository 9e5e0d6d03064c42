// SPDX-License-Identifier: Apache-2.0
#include "client/clients_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "client/message.h"
#include "client/record_flags.h"
#include "client/report/cell_text.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/terminal/field_list.h"
#include "client/terminal/table.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"
#include "service/model/uuid.h"

namespace provisioning {
namespace {

using Stub = v1::ClientAccountService::Stub;

constexpr int clients_per_page = 1000;

struct ClientsFlags : RecordFlags {
  std::string client_id;
  std::string email;
  std::string import_id;
  std::string state;
};

std::string StateText(v1::ClientState state) {
  if (state == v1::CLIENT_STATE_PENDING) return "pending";
  if (state == v1::CLIENT_STATE_ACTIVE) return "active";
  return std::to_string(state);
}

std::string NameText(const v1::Client& client) {
  return client.first_name() + " " + client.last_name();
}

std::vector<TableColumn> Columns() {
  return {{.title = "EMAIL ADDRESS", .gives_way = 5, .columns_min = 16},
          {.title = "NAME", .gives_way = 4, .columns_min = 10},
          {.title = "STATE", .gives_way = 3, .columns_min = 7},
          {.title = "CREATED", .gives_way = 2, .columns_min = 11},
          // Part of an id is of no use.
          {.title = "CLIENT ID", .gives_way = 1, .columns_min = 36}};
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
    v1::ListClientsResponse response;
    const RpcError error = CallUnary(*stub, &Stub::ListClients, request, response);
    if (!error.ok()) return Fail(error, flags.connection.server());
    for (const v1::Client& client : response.clients()) {
      if (flags.json) {
        std::printf("%s\n", JsonLine(client).c_str());
        continue;
      }
      if (table == nullptr) table = std::make_unique<Table>(Columns(), stdout);
      table->Add({client.email_address(), NameText(client), StateText(client.state()),
                  TimeText(client.create_time()), client.client_id()});
    }
    if (table != nullptr) table->Print();
    if (const auto end = StdoutEnd()) return *end;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (table == nullptr && !flags.json) Say("No clients.");
  return kExitAccepted;
}

void PrintClient(const v1::Client& client) {
  PrintField("email address", client.email_address(), stdout);
  PrintField("client id", client.client_id(), stdout);
  PrintField("organization", client.organization_id(), stdout);
  PrintField("name", NameText(client), stdout);
  PrintField("birthdate", client.birthdate(), stdout);
  PrintField("gender", client.gender(), stdout);
  PrintField("state", StateText(client.state()), stdout);
  if (client.has_temporary_password_expires_at()) {
    const auto& expiry = client.temporary_password_expires_at();
    const bool expired = absl::FromUnixSeconds(expiry.seconds()) <= absl::Now();
    PrintField("temporary password", (expired ? "expired at " : "works until ") + TimeText(expiry),
               stdout);
  }
  PrintField("created", TimeText(client.create_time()), stdout);
  PrintField("changed", TimeText(client.update_time()), stdout);
  PrintField("by import", client.import_id(), stdout);
  PrintCount("row", client.row_number(), stdout);
}

// FAILED_PRECONDITION: it names no client.
absl::Status ReadWhichClient(const ClientsFlags& flags, v1::GetClientRequest& request) {
  if (flags.client_id.empty() == flags.email.empty()) {
    return absl::FailedPreconditionError("which client? Give one of ID and --email ADDRESS");
  }
  if (!flags.email.empty() || flags.client_id.find('@') != std::string::npos) {
    request.set_email_address(flags.email + flags.client_id);
    return absl::OkStatus();
  }
  if (!Uuid::Parse(flags.client_id)) {
    return absl::FailedPreconditionError("\"" + flags.client_id +
                                         "\" is neither a client's id nor an address. `provision "
                                         "clients list` shows both.");
  }
  request.set_client_id(flags.client_id);
  return absl::OkStatus();
}

int ShowClient(ClientsFlags& flags) {
  v1::GetClientRequest request;
  request.set_organization_id(flags.organization);
  absl::Status status = ReadWhichClient(flags, request);
  if (status.ok()) status = flags.connection.Prepare();
  if (!status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::GetClientResponse response;
  const RpcError error = CallUnary(*stub, &Stub::GetClient, request, response);
  if (error.code == grpc::StatusCode::NOT_FOUND) {
    return Fail(kExitSomeRefused, "the organization \"" + flags.organization + "\" has no client " +
                                      flags.email + flags.client_id);
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

void AddClientsCommand(CLI::App& app, Command& chosen) {
  CLI::App* clients = app.add_subcommand("clients", "Look at the clients of an organization");
  clients->require_subcommand(1);
  const auto flags = std::make_shared<ClientsFlags>();

  CLI::App* list = clients->add_subcommand("list", "List all clients, newest first");
  flags->AddTo(*list);
  list->add_option("--import", flags->import_id, "Only those that this import made")
      ->type_name("UUID");
  list->add_option("--state", flags->state, "Only those in this state")
      ->check(CLI::IsMember({"pending", "active"}));
  list->callback([flags, &chosen] { chosen = [flags] { return ListClients(*flags); }; });

  CLI::App* show = clients->add_subcommand("show", "Show one client");
  flags->AddTo(*show);
  show->add_option("ID", flags->client_id, "The client's id, or the address");
  show->add_option("--email", flags->email, "The client's address")->type_name("ADDRESS");
  show->callback([flags, &chosen] { chosen = [flags] { return ShowClient(*flags); }; });
}

}  // namespace provisioning
