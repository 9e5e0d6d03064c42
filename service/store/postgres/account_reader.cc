// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/account_reader.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "service/store/postgres/account_lookup.h"
#include "service/store/postgres/client_columns.h"

namespace provisioning {
namespace {

constexpr std::string_view by_id_sql =
    "SELECT " CLIENT_COLUMNS " FROM client WHERE organization_id=$1 AND client_id=$2 AND state<>3";
constexpr std::string_view by_email_sql =
    "SELECT " CLIENT_COLUMNS " FROM client WHERE organization_id=$1 AND email_address=$2";
// Gives the account of the address, or, at nearly every address, the one behind it:
// a miss reads as much as a hit.
constexpr std::string_view sign_in_sql =
    "SELECT " CLIENT_COLUMNS
    " FROM client WHERE organization_id=$1 AND email_address>=$2 ORDER BY email_address LIMIT 1";
// By the key that gives the order, whatever the filter: a page costs what it
// skips, and a whole list is read once.
constexpr std::string_view list_sql =
    "SELECT " CLIENT_COLUMNS
    " FROM client WHERE organization_id=$1 AND ($2 IS NULL OR client_id<$2) AND state<>3 "
    "AND ($3 IS NULL OR created_import=$3) AND ($4 IS NULL OR state=$4) "
    "AND ($5 IS NULL OR (state=1 AND credential_expire_time<$5)) "
    "AND ($6 IS NULL OR (state=1 AND credential_import=$6)) "
    "ORDER BY client_id DESC LIMIT $7";
static_assert(static_cast<int>(ClientState::kPending) == 1);
static_assert(static_cast<int>(ClientState::kErased) == 3);

}  // namespace

absl::StatusOr<std::vector<std::optional<AccountFacts>>> AccountReader::FindAccounts(
    const OrganizationId& organization_id, std::span<const std::string> email_addresses,
    const std::optional<Uuid>& import_id) const {
  std::vector<std::optional<AccountFacts>> accounts(email_addresses.size());
  if (accounts.empty()) return accounts;
  SqlArray addresses(SqlType::kText);
  for (const std::string& address : email_addresses) addresses.Text(address);
  const auto result =
      runner_.RunStatement(FindByEmail(organization_id, addresses, import_id, /*locks=*/false));
  if (!result.ok()) return result.status();
  std::unordered_map<std::string, AccountFacts> found;
  for (int row = 0; row < result->rows(); ++row) {
    AccountFacts account = ReadFound(*result, row);
    std::string address = account.email_address;
    found.emplace(std::move(address), std::move(account));
  }
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto account = found.find(email_addresses[i]);
    if (account != found.end()) accounts[i] = account->second;
  }
  return accounts;
}

absl::StatusOr<std::vector<ClientRecord>> AccountReader::ReadClients(
    const OrganizationId& organization_id, const SqlStatement& statement) const {
  const auto result = runner_.RunStatement(statement);
  if (!result.ok()) return result.status();
  std::vector<ClientRecord> clients;
  std::vector<FailureKey> keys;
  for (int row = 0; row < result->rows(); ++row) {
    clients.push_back(provisioning::ReadClient(organization_id, *result, row));
    keys.push_back(ReadFailureKey(organization_id, *result, row));
  }
  const auto failures = failures_.Failures(keys);
  if (!failures.ok()) return failures.status();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i].consecutive_failures = (*failures)[i];
  }
  return clients;
}

absl::StatusOr<std::optional<ClientRecord>> AccountReader::ReadClient(
    const OrganizationId& organization_id, const SqlStatement& statement) const {
  auto clients = ReadClients(organization_id, statement);
  if (!clients.ok()) return clients.status();
  if (clients->empty()) return std::nullopt;
  return std::move(clients->front());
}

absl::StatusOr<std::optional<ClientRecord>> AccountReader::GetClient(
    const OrganizationId& organization_id, const Uuid& client_id) const {
  return ReadClient(
      organization_id,
      {by_id_sql, std::move(SqlParams().Text(organization_id.value()).Id(client_id))});
}

absl::StatusOr<std::optional<ClientRecord>> AccountReader::GetClientByEmail(
    const OrganizationId& organization_id, const std::string& email_address) const {
  return ReadClient(
      organization_id,
      {by_email_sql, std::move(SqlParams().Text(organization_id.value()).Text(email_address))});
}

absl::StatusOr<Page<ClientRecord, Uuid>> AccountReader::ListClients(
    const OrganizationId& organization_id, const ClientFilter& filter,
    const std::optional<Uuid>& after, int page_size) const {
  SqlParams params;
  params.Text(organization_id.value())
      .Id(after.value_or(Uuid()))
      .Id(filter.import_id.value_or(Uuid()));
  const ClientState state =
      filter.pending.value_or(true) ? ClientState::kPending : ClientState::kActive;
  filter.pending ? params.Number(static_cast<int>(state)) : params.Null(SqlType::kNumber);
  params.Time(filter.password_expires_before.value_or(absl::InfinitePast()))
      .Id(filter.password_import_id.value_or(Uuid()));
  // One more than asked for tells whether there is another page.
  params.Number(std::int64_t{page_size} + 1);
  auto clients = ReadClients(organization_id, {list_sql, std::move(params)});
  if (!clients.ok()) return clients.status();
  Page<ClientRecord, Uuid> page{.records = *std::move(clients), .next_after = std::nullopt};
  EndPage(page, page_size, [](const ClientRecord& client) { return client.client_id; });
  return page;
}

absl::StatusOr<std::optional<SignInAccount>> AccountReader::FindSignInAccount(
    const OrganizationId& organization_id, const std::string& email_address) const {
  // No text of the database has a NUL; and nobody has this address either.
  const bool impossible = email_address.find('\0') != std::string::npos;
  const std::string_view address = impossible ? std::string_view("\x01") : email_address;
  const auto result = runner_.RunStatement(
      {sign_in_sql, std::move(SqlParams().Text(organization_id.value()).Text(address))});
  if (!result.ok()) return result.status();
  if (result->empty()) return std::nullopt;
  SignInAccount account = ReadSignIn(*result, 0);
  if (ReadEmailAddress(*result, 0) != email_address) return std::nullopt;
  return account;
}

}  // namespace provisioning
