// SPDX-License-Identifier: Apache-2.0
#include "client/clients/which_client.h"

#include <CLI/CLI.hpp>

#include "service/model/uuid.h"
#include "service/rules/utf8.h"

namespace provisioning {

void WhichClient::AddTo(CLI::App& app) {
  app.add_option("ID", id_, "The client's id, or the address");
  app.add_option("--email", email_, "The client's address")->type_name("ADDRESS");
}

absl::Status WhichClient::Check() const {
  if (id_.empty() == email_.empty()) {
    return absl::FailedPreconditionError("which client? Give one of ID and --email ADDRESS");
  }
  if (by_address() ? IsUtf8(text()) : Uuid::Parse(id_).has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError("\"" + text() +
                                       "\" is neither a client's id nor an address. `provision "
                                       "clients list` shows both.");
}

}  // namespace provisioning
