// SPDX-License-Identifier: Apache-2.0
#include "client/clients/clients_command.h"

#include <CLI/CLI.hpp>

#include "client/clients/activate_client.h"
#include "client/clients/create_client.h"
#include "client/clients/delete_client.h"
#include "client/clients/list_clients.h"
#include "client/clients/reissue_password.h"
#include "client/clients/show_client.h"
#include "client/clients/verify_password.h"

namespace provisioning {

void AddClientsCommand(CLI::App& app, Command& chosen) {
  CLI::App* clients = app.add_subcommand("clients", "The clients of an organization");
  clients->require_subcommand(1);
  AddListClients(*clients, chosen);
  AddShowClient(*clients, chosen);
  AddCreateClient(*clients, chosen);
  AddActivateClient(*clients, chosen);
  AddVerifyPassword(*clients, chosen);
  AddReissuePassword(*clients, chosen);
  AddDeleteClient(*clients, chosen);
}

}  // namespace provisioning
