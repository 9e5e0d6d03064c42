// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/account_lookup.h"

#include <utility>

#include "service/store/postgres/client_columns.h"

namespace provisioning {
namespace {

// With min(row_number) as it is the planner reads the import's effects in their
// order until one is the client's: all of them, for each address.
#define BY_EMAIL                                                           \
  "SELECT " CLIENT_COLUMNS                                                 \
  ", (SELECT min(import_effect.row_number + 0) FROM import_effect "        \
  "WHERE import_effect.organization_id=$1 AND import_effect.import_id=$3 " \
  "AND import_effect.client_id = client.client_id) "                       \
  "FROM client WHERE organization_id=$1 AND email_address = ANY ($2)"
constexpr std::string_view by_email_sql = BY_EMAIL;
constexpr std::string_view locked_by_email_sql = BY_EMAIL LOCK_CLIENTS;

}  // namespace

SqlStatement FindByEmail(const OrganizationId& organization_id, const SqlArray& email_addresses,
                         const std::optional<Uuid>& import_id, bool locks) {
  SqlParams params;
  params.Text(organization_id.value()).Array(email_addresses).Id(import_id.value_or(Uuid()));
  return {locks ? locked_by_email_sql : by_email_sql, std::move(params)};
}

AccountFacts ReadFound(const SqlResult& result, int row) {
  AccountFacts account = ReadFacts(result, row);
  account.changed_by_row = result.Number(row, client_column_count);
  return account;
}

}  // namespace provisioning
