// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/account_table.h"

#include "service/store/failure_key.h"
#include "service/store/sqlite/stored_form.h"

namespace provisioning {
namespace {

// What ReadFacts and ReadClient take, in this order.
#define ACCOUNT_COLUMNS                                                         \
  "client_id, email_address, first_name, last_name, birthdate, gender, state, " \
  "create_time, update_time, created_import, created_row, profile_changed, "    \
  "used, credential, credential_generated, credential_source, credential_expire_time "
enum AccountColumn {
  kClientId,
  kEmailAddress,
  kFirstName,
  kLastName,
  kBirthdate,
  kGender,
  kState,
  kCreateTime,
  kUpdateTime,
  kCreatedImport,
  kCreatedRow,
  kProfileChanged,
  kUsed,
  kCredential,
  kCredentialGenerated,
  kCredentialSource,
  kCredentialExpireTime,
  kEmailKey,  // Only of sign_in_sql.
};

constexpr std::string_view any_sql = "SELECT 1 FROM client WHERE organization_id=? LIMIT 1";
constexpr std::string_view by_email_sql = "SELECT " ACCOUNT_COLUMNS
                                          "FROM client "
                                          "WHERE organization_id=? AND email_key=?";
constexpr std::string_view by_id_sql = "SELECT " ACCOUNT_COLUMNS
                                       "FROM client "
                                       "WHERE organization_id=? AND client_id=? AND state<>4";
constexpr std::string_view by_creation_sql =
    "SELECT " ACCOUNT_COLUMNS
    "FROM client "
    "WHERE organization_id=? AND created_import=? AND created_row=? AND state<>4";
constexpr std::string_view created_by_sql =
    "SELECT " ACCOUNT_COLUMNS
    "FROM client INDEXED BY client_by_creation "
    "WHERE organization_id=? AND created_import=? AND created_row>? AND state<>4 "
    "ORDER BY created_row LIMIT ?";
// Gives the account of the key, or, at nearly every key, the one behind it: a miss
// reads as much as a hit.
constexpr std::string_view sign_in_sql =
    "SELECT " ACCOUNT_COLUMNS
    ", email_key FROM client "
    "WHERE organization_id=? AND email_key>=? ORDER BY email_key LIMIT 1";
constexpr std::string_view state_sql =
    "SELECT state FROM client WHERE organization_id=? AND client_id=?";
// By the key that gives the order, whatever the filter: a page costs what it
// skips, and a whole list is read once.
constexpr std::string_view list_sql =
    "SELECT " ACCOUNT_COLUMNS
    "FROM client INDEXED BY client_by_id "
    "WHERE organization_id=? AND client_id<? AND state<>4 "
    "AND (?3 IS NULL OR created_import=?3) AND (?4 IS NULL OR state=?4) "
    "AND (?5 IS NULL OR (state=2 AND credential_expire_time<?5)) "
    "AND (?6 IS NULL OR (state=2 AND substr(credential_source, 1, 16)=?6)) "
    "ORDER BY client_id DESC LIMIT ?7";
static_assert(static_cast<int>(StoredState::kPending) == 2);
static_assert(static_cast<int>(StoredState::kErased) == 4);
constexpr std::string_view effect_sql =
    "SELECT client_id, outcome FROM import_effect "
    "WHERE organization_id=? AND import_id=? AND row_number=?";
constexpr std::string_view changed_by_sql =
    "SELECT row_number FROM import_effect "
    "WHERE organization_id=? AND import_id=? AND client_id=? ORDER BY row_number LIMIT 1";

// Sorts behind every id.
constexpr std::string_view behind_all_ids =
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

std::optional<RowReference> ReadCreator(const Query& query) {
  if (query.IsNull(kCreatedImport)) return std::nullopt;
  return RowReference{query.Id(kCreatedImport), query.Number(kCreatedRow)};
}

ClientProfile ReadProfile(const Query& query) {
  return {.first_name = std::string(query.Text(kFirstName)),
          .last_name = std::string(query.Text(kLastName)),
          .birthdate = static_cast<std::int32_t>(query.Number(kBirthdate)),
          .gender = static_cast<char>(query.Number(kGender))};
}

bool IsPending(const Query& query) {
  return static_cast<StoredState>(query.Number(kState)) == StoredState::kPending;
}

absl::Time ReadExpiry(const Query& query) {
  return IsPending(query) ? query.Time(kCredentialExpireTime) : absl::InfinitePast();
}

AccountFacts ReadFacts(const Query& query) {
  return {.client_id = query.Id(kClientId),
          .email_address = std::string(query.Text(kEmailAddress)),
          .profile = ReadProfile(query),
          .pending = IsPending(query),
          .used = query.Number(kUsed) != 0,
          .created_by = ReadCreator(query),
          .profile_changed = query.Number(kProfileChanged) != 0,
          .credential_set_by = StoredReference::Read(query.Text(kCredentialSource)),
          .credential_generated = query.Number(kCredentialGenerated) != 0,
          .password_expires_at = ReadExpiry(query),
          .changed_by_row = 0};
}

SignInAccount ReadSignIn(const Query& query) {
  return {.client_id = query.Id(kClientId),
          .credential = std::string(WithoutPadding(query.Text(kCredential))),
          .pending = IsPending(query),
          .used = query.Number(kUsed) != 0,
          .password_expires_at = ReadExpiry(query)};
}

AccountTable::FoundClient ReadClient(const OrganizationId& organization_id, const Query& query) {
  const Uuid client_id = query.Id(kClientId);
  return {{.organization_id = organization_id,
           .client_id = client_id,
           .email_address = std::string(query.Text(kEmailAddress)),
           .profile = ReadProfile(query),
           .pending = IsPending(query),
           .create_time = query.Time(kCreateTime),
           .update_time = query.Time(kUpdateTime),
           .created_by = ReadCreator(query),
           .credential_set_by = StoredReference::Read(query.Text(kCredentialSource)),
           .password_expires_at = ReadExpiry(query)},
          FailureKeyOf(organization_id, client_id, WithoutPadding(query.Text(kCredential)))};
}

absl::StatusOr<std::optional<AccountFacts>> NextFacts(Query& query) {
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return ReadFacts(query);
}

absl::StatusOr<std::optional<AccountTable::FoundClient>> NextClient(
    const OrganizationId& organization_id, Query& query) {
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return ReadClient(organization_id, query);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AccountTable>> AccountTable::Prepare(const Connection& connection) {
  auto any = Statement::Prepare(connection, any_sql);
  auto by_email = Statement::Prepare(connection, by_email_sql);
  auto by_id = Statement::Prepare(connection, by_id_sql);
  auto by_creation = Statement::Prepare(connection, by_creation_sql);
  auto effect = Statement::Prepare(connection, effect_sql);
  auto changed_by = Statement::Prepare(connection, changed_by_sql);
  auto created_by = Statement::Prepare(connection, created_by_sql);
  auto sign_in = Statement::Prepare(connection, sign_in_sql);
  auto state = Statement::Prepare(connection, state_sql);
  auto list = Statement::Prepare(connection, list_sql);
  for (const auto* statement : {&any, &by_email, &by_id, &by_creation, &effect, &changed_by,
                                &created_by, &sign_in, &state, &list}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<AccountTable>(new AccountTable(
      {*std::move(any), *std::move(by_email), *std::move(by_id), *std::move(by_creation),
       *std::move(effect), *std::move(changed_by), *std::move(created_by), *std::move(sign_in),
       *std::move(state), *std::move(list)}));
}

absl::StatusOr<bool> AccountTable::HasAny(const OrganizationId& organization_id) {
  return Query(statements_.any).Bind(organization_id.value()).Next();
}

absl::StatusOr<std::optional<AccountFacts>> AccountTable::FindByEmail(
    const OrganizationId& organization_id, std::string_view email_address,
    const std::optional<Uuid>& import_id) {
  const EmailKey key(email_address);
  Query query(statements_.by_email);
  query.Bind(organization_id.value()).BindBlob(key.bytes());
  absl::StatusOr<std::optional<AccountFacts>> account = NextFacts(query);
  if (!account.ok() || !*account || !import_id) return account;

  Query changed_by(statements_.changed_by);
  changed_by.Bind(organization_id.value()).Bind(*import_id).Bind((*account)->client_id);
  const absl::StatusOr<bool> changed = changed_by.Next();
  if (!changed.ok()) return changed.status();
  if (*changed) (*account)->changed_by_row = changed_by.Number(0);
  return account;
}

absl::StatusOr<std::optional<AccountFacts>> AccountTable::FindById(
    const OrganizationId& organization_id, const Uuid& client_id) {
  Query query(statements_.by_id);
  query.Bind(organization_id.value()).Bind(client_id);
  return NextFacts(query);
}

absl::StatusOr<std::optional<AccountFacts>> AccountTable::FindCreatedBy(const ImportKey& key,
                                                                        std::int64_t row_number) {
  Query query(statements_.by_creation);
  query.Bind(key.organization_id.value()).Bind(key.import_id).Bind(row_number);
  return NextFacts(query);
}

absl::StatusOr<std::optional<RowEffect>> AccountTable::FindEffectOf(const ImportKey& key,
                                                                    std::int64_t row_number) {
  Query effect(statements_.effect);
  effect.Bind(key.organization_id.value()).Bind(key.import_id).Bind(row_number);
  const absl::StatusOr<bool> found = effect.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;

  auto account = FindById(key.organization_id, effect.Id(0));
  if (!account.ok()) return account.status();
  if (!*account) return std::nullopt;
  (*account)->changed_by_row = row_number;
  return RowEffect{static_cast<RowOutcome>(effect.Number(1)), **std::move(account)};
}

absl::StatusOr<std::vector<AccountFacts>> AccountTable::ListCreatedBy(const ImportKey& key,
                                                                      std::int64_t after_row,
                                                                      int count_max) {
  Query query(statements_.created_by);
  query.Bind(key.organization_id.value()).Bind(key.import_id).Bind(after_row);
  query.Bind(std::int64_t{count_max});
  std::vector<AccountFacts> accounts;
  while (true) {
    auto account = NextFacts(query);
    if (!account.ok()) return account.status();
    if (!*account) return accounts;
    accounts.push_back(**std::move(account));
  }
}

absl::StatusOr<std::optional<SignInAccount>> AccountTable::FindSignIn(
    const OrganizationId& organization_id, std::string_view email_address) {
  const EmailKey key(email_address);
  Query query(statements_.sign_in);
  query.Bind(organization_id.value()).BindBlob(key.bytes());
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  SignInAccount account = ReadSignIn(query);
  if (query.Text(kEmailKey) != key.bytes()) return std::nullopt;
  return account;
}

absl::StatusOr<std::optional<StoredState>> AccountTable::StateOf(
    const OrganizationId& organization_id, const Uuid& client_id) {
  Query query(statements_.state);
  query.Bind(organization_id.value()).Bind(client_id);
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return static_cast<StoredState>(query.Number(0));
}

absl::StatusOr<std::optional<AccountTable::FoundClient>> AccountTable::Get(
    const OrganizationId& organization_id, const Uuid& client_id) {
  Query query(statements_.by_id);
  query.Bind(organization_id.value()).Bind(client_id);
  return NextClient(organization_id, query);
}

absl::StatusOr<std::optional<AccountTable::FoundClient>> AccountTable::GetByEmail(
    const OrganizationId& organization_id, std::string_view email_address) {
  const EmailKey key(email_address);
  Query query(statements_.by_email);
  query.Bind(organization_id.value()).BindBlob(key.bytes());
  return NextClient(organization_id, query);
}

absl::StatusOr<Page<AccountTable::FoundClient, Uuid>> AccountTable::List(
    const OrganizationId& organization_id, const ClientFilter& filter,
    const std::optional<Uuid>& after, int page_size) {
  Query query(statements_.list);
  query.Bind(organization_id.value()).BindBlob(after ? after->bytes() : behind_all_ids);
  filter.import_id ? query.Bind(*filter.import_id) : query.BindNull();
  const StoredState state =
      filter.pending.value_or(true) ? StoredState::kPending : StoredState::kActive;
  filter.pending ? query.Bind(std::int64_t{static_cast<int>(state)}) : query.BindNull();
  query.Bind(filter.password_expires_before.value_or(absl::InfinitePast()));
  filter.password_import_id ? query.Bind(*filter.password_import_id) : query.BindNull();
  // One more than asked for tells whether there is another page.
  query.Bind(std::int64_t{page_size} + 1);

  Page<FoundClient, Uuid> page;
  while (true) {
    auto client = NextClient(organization_id, query);
    if (!client.ok()) return client.status();
    if (!*client) break;
    page.records.push_back(**std::move(client));
  }
  EndPage(page, page_size, [](const FoundClient& client) { return client.record.client_id; });
  return page;
}

}  // namespace provisioning
