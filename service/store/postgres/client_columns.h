// SPDX-License-Identifier: Apache-2.0
// How rows of the table `client` are read.
#pragma once

#include <optional>
#include <string_view>

#include "service/store/identity_store.h"
#include "service/store/postgres/sql_result.h"

namespace provisioning {

// As stored.
enum class ClientState { kPending = 1, kActive = 2, kErased = 3 };

// What the functions below take, in this order, as the first columns. Of the table
// under its name or the alias `client`.
#define CLIENT_COLUMNS                                                                    \
  "client.client_id, client.email_address, client.first_name, client.last_name, "         \
  "client.birthdate, client.gender, client.state, client.create_time, "                   \
  "client.update_time, client.created_import, client.created_row, "                       \
  "client.profile_changed, client.used, client.credential, client.credential_generated, " \
  "client.credential_import, client.credential_row, client.credential_expire_time"
inline constexpr int client_column_count = 18;

// Behind a SELECT of rows that are to be changed: in one order, so that two that do
// the same wait for each other, and not crosswise.
#define LOCK_CLIENTS " ORDER BY client.client_id FOR UPDATE OF client"

AccountFacts ReadFacts(const SqlResult& result, int row);
std::string_view ReadEmailAddress(const SqlResult& result, int row);
SignInAccount ReadSignIn(const SqlResult& result, int row);
// Without the count of failures.
ClientRecord ReadClient(const OrganizationId& organization_id, const SqlResult& result, int row);
// Of the client that was read.
FailureKey ReadFailureKey(const OrganizationId& organization_id, const SqlResult& result, int row);

}  // namespace provisioning
