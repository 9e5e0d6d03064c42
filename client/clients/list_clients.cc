// SPDX-License-Identifier: Apache-2.0
#include "client/clients/list_clients.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "client/clients/client_text.h"
#include "client/flag_value.h"
#include "client/message.h"
#include "client/record_flags.h"
#include "client/report/cell_text.h"
#include "client/report/json_text.h"
#include "client/stdout_end.h"
#include "client/terminal/table.h"
#include "client/unary_call.h"
#include "provisioning/v1/client_account_service.grpc.pb.h"

namespace provisioning {
namespace {

constexpr int clients_per_page = 1000;

struct ListFlags : RecordFlags {
  std::string import_id;
  std::string state;
  std::string expiring_text;
  bool expired = false;

  bool by_expiry() const { return expired || !expiring_text.empty(); }
};

// The time by which temporary passwords are to have ended; nothing: none need.
absl::StatusOr<std::optional<absl::Time>> ExpiryBound(const ListFlags& flags, absl::Time now) {
  if (!flags.by_expiry()) return std::nullopt;
  if (flags.expired && !flags.expiring_text.empty()) {
    return absl::FailedPreconditionError(
        "--expiring lists the expired ones as well: leave --expired out");
  }
  if (flags.expired) return now;
  absl::Duration within;
  absl::Status status = ReadDurationFlag("--expiring", flags.expiring_text, within);
  if (!status.ok()) return status;
  return now + within;
}

std::vector<TableColumn> ClientColumns(bool with_expiry) {
  std::vector<TableColumn> columns = {{.title = "EMAIL ADDRESS", .gives_way = 6, .columns_min = 16},
                                      {.title = "NAME", .gives_way = 5, .columns_min = 10},
                                      {.title = "STATE", .gives_way = 4, .columns_min = 7}};
  // Part of a time is of no use here, nor is part of an id.
  if (with_expiry) columns.push_back({.title = "PASSWORD ENDS", .gives_way = 3, .columns_min = 20});
  columns.push_back({.title = "CREATED", .gives_way = 2, .columns_min = 11});
  columns.push_back({.title = "CLIENT ID", .gives_way = 1, .columns_min = 36});
  return columns;
}

std::vector<std::string> ClientCells(const v1::Client& client, bool with_expiry, absl::Time now) {
  std::vector<std::string> cells = {client.email_address(), NameText(client),
                                    StateText(client, now)};
  if (with_expiry) cells.push_back(TimeText(client.temporary_password_expires_at()));
  cells.push_back(TimeText(client.create_time()));
  cells.push_back(client.client_id());
  return cells;
}

int ListClients(ListFlags& flags) {
  const absl::Time now = absl::Now();
  const auto bound = ExpiryBound(flags, now);
  if (!bound.ok()) return Fail(bound.status());
  if (absl::Status status = flags.connection.Prepare(); !status.ok()) return Fail(status);
  const auto stub = v1::ClientAccountService::NewStub(flags.connection.NewChannel());
  v1::ListClientsRequest request;
  request.set_organization_id(flags.organization);
  request.set_page_size(clients_per_page);
  request.set_import_id(flags.import_id);
  if (flags.state == "pending") request.set_state(v1::CLIENT_STATE_PENDING);
  if (flags.state == "active") request.set_state(v1::CLIENT_STATE_ACTIVE);
  if (*bound) {
    auto& before = *request.mutable_password_expires_before();
    before.set_seconds(absl::ToUnixSeconds(**bound));
    before.set_nanos(static_cast<std::int32_t>(
        absl::ToInt64Nanoseconds(**bound - absl::FromUnixSeconds(before.seconds()))));
  }
  std::unique_ptr<Table> table;
  do {
    v1::ListClientsResponse response;
    const RpcError error =
        CallUnary(*stub, &v1::ClientAccountService::Stub::ListClients, request, response);
    if (!error.ok()) return Fail(error, flags.connection.server());
    for (const v1::Client& client : response.clients()) {
      if (flags.json) {
        std::printf("%s\n", JsonLine(client).c_str());
        continue;
      }
      if (table == nullptr)
        table = std::make_unique<Table>(ClientColumns(flags.by_expiry()), stdout);
      table->Add(ClientCells(client, flags.by_expiry(), now));
    }
    if (table != nullptr) table->Print();
    if (const auto end = StdoutEnd()) return *end;
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (table == nullptr && !flags.json) Say("No clients.");
  return kExitAccepted;
}

}  // namespace

void AddListClients(CLI::App& clients, Command& chosen) {
  CLI::App* list = clients.add_subcommand("list", "List clients, newest first");
  const auto flags = std::make_shared<ListFlags>();
  flags->AddTo(*list);
  list->add_option("--import", flags->import_id, "Only those that this import made")
      ->type_name("UUID");
  list->add_option("--state", flags->state, "Only those in this state")
      ->check(CLI::IsMember({"pending", "active"}));
  list->add_option("--expiring", flags->expiring_text,
                   "Only those whose temporary password ends within this time, or has ended")
      ->type_name("TIME");
  list->add_flag("--expired", flags->expired, "Only those whose temporary password has ended");
  list->callback([flags, &chosen] { chosen = [flags] { return ListClients(*flags); }; });
}

}  // namespace provisioning
