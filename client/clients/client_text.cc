// SPDX-License-Identifier: Apache-2.0
#include "client/clients/client_text.h"

#include <cstdio>

#include "absl/time/clock.h"
#include "client/report/cell_text.h"
#include "client/terminal/duration_text.h"
#include "client/terminal/field_list.h"

namespace provisioning {
namespace {

bool IsExpired(const v1::Client& client, absl::Time now) {
  if (!client.has_temporary_password_expires_at()) return false;
  const auto& expiry = client.temporary_password_expires_at();
  return absl::FromUnixSeconds(expiry.seconds()) + absl::Nanoseconds(expiry.nanos()) <= now;
}

// Whether there is a password of the client's own, whatever else holds.
std::string LastingStateText(v1::ClientState state) {
  if (state == v1::CLIENT_STATE_PENDING) return "pending";
  if (state == v1::CLIENT_STATE_ACTIVE) return "active";
  return std::to_string(state);
}

void PrintFailures(const v1::Client& client) {
  if (client.consecutive_failures() == 0) return;
  PrintField("wrong passwords",
             CountText(client.consecutive_failures()) + " since the last right one, or since the " +
                 "password was set" +
                 (client.locked() ? ": locked, no password is checked until it is reissued" : ""),
             stdout);
}

}  // namespace

std::string StateText(const v1::Client& client, absl::Time now) {
  if (client.locked()) return "locked";
  return IsExpired(client, now) ? "expired" : LastingStateText(client.state());
}

std::string NameText(const v1::Client& client) {
  return client.first_name() + " " + client.last_name();
}

void PrintClient(const v1::Client& client) {
  PrintField("email address", client.email_address(), stdout);
  PrintField("client id", client.client_id(), stdout);
  PrintField("organization", client.organization_id(), stdout);
  PrintField("name", NameText(client), stdout);
  PrintField("birthdate", client.birthdate(), stdout);
  PrintField("gender", client.gender(), stdout);
  PrintField("state", LastingStateText(client.state()) + (client.locked() ? ", locked" : ""),
             stdout);
  if (client.has_temporary_password_expires_at()) {
    const bool expired = IsExpired(client, absl::Now());
    PrintField("temporary password",
               (expired ? "expired at " : "works until ") +
                   TimeText(client.temporary_password_expires_at()),
               stdout);
  }
  PrintFailures(client);
  PrintField("created", TimeText(client.create_time()), stdout);
  PrintField("changed", TimeText(client.update_time()), stdout);
  PrintField("by import", client.import_id(), stdout);
  PrintCount("row", client.row_number(), stdout);
}

}  // namespace provisioning
