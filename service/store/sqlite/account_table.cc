// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/account_table.h"

#include <sqlite3.h>

namespace provisioning {
namespace {

constexpr int state_pending = 1;
constexpr int state_active = 2;

// What ReadFacts and ReadRecord take, in this order.
#define ACCOUNT_COLUMNS                                                         \
  "client_id, email_address, first_name, last_name, birthdate, gender, state, " \
  "create_time, update_time, created_import, created_row, profile_changed, "    \
  "credential_generated, credential_import, credential_row, credential_expire_time "
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
  kCredentialGenerated,
  kCredentialImport,
  kCredentialRow,
  kCredentialExpireTime,
};

constexpr std::string_view any_sql = "SELECT 1 FROM client WHERE organization_id=? LIMIT 1";
constexpr std::string_view by_email_sql = "SELECT " ACCOUNT_COLUMNS
                                          "FROM client "
                                          "WHERE organization_id=? AND email_address=?";
constexpr std::string_view by_id_sql = "SELECT " ACCOUNT_COLUMNS
                                       "FROM client "
                                       "WHERE organization_id=? AND client_id=?";
constexpr std::string_view by_creation_sql =
    "SELECT " ACCOUNT_COLUMNS
    "FROM client "
    "WHERE organization_id=? AND created_import=? AND created_row=?";
// By the key that gives the order, whatever the filter: a page costs what it
// skips, and a whole list is read once.
constexpr std::string_view list_sql =
    "SELECT " ACCOUNT_COLUMNS
    "FROM client INDEXED BY client_by_id "
    "WHERE organization_id=? AND client_id<? AND (?3 IS NULL OR created_import=?3) "
    "AND (?4 IS NULL OR state=?4) ORDER BY client_id DESC LIMIT ?5";
constexpr std::string_view effect_sql =
    "SELECT client_id, outcome FROM import_effect "
    "WHERE organization_id=? AND import_id=? AND row_number=?";
constexpr std::string_view changed_by_sql =
    "SELECT row_number FROM import_effect "
    "WHERE organization_id=? AND import_id=? AND client_id=? ORDER BY row_number LIMIT 1";

constexpr std::string_view insert_sql =
    "INSERT INTO client (organization_id, client_id, email_address, first_name, last_name, "
    "birthdate, gender, state, create_time, update_time, created_import, created_row, "
    "profile_changed, credential, credential_generated, credential_import, credential_row, "
    "credential_expire_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8, ?9, ?10, 0, ?11, ?12, "
    "?9, ?10, ?13) ON CONFLICT (organization_id, email_address) DO NOTHING";
constexpr std::string_view update_profile_sql =
    "UPDATE client SET first_name=?, last_name=?, birthdate=?, gender=?, profile_changed=1, "
    "update_time=? WHERE organization_id=? AND client_id=?";
constexpr std::string_view set_credential_sql =
    "UPDATE client SET credential=?, credential_generated=?, credential_import=?, "
    "credential_row=?, credential_expire_time=?, update_time=? "
    "WHERE organization_id=? AND client_id=?";
constexpr std::string_view insert_effect_sql =
    "INSERT INTO import_effect (organization_id, import_id, row_number, client_id, outcome) "
    "VALUES (?, ?, ?, ?, ?)";

// Sorts behind every id.
constexpr std::string_view behind_all_ids =
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";

std::optional<RowReference> ReadReference(const Query& query, int import_column, int row_column) {
  if (query.IsNull(import_column)) return std::nullopt;
  return RowReference{query.Id(import_column), query.Number(row_column)};
}

ClientProfile ReadProfile(const Query& query) {
  return {.first_name = std::string(query.Text(kFirstName)),
          .last_name = std::string(query.Text(kLastName)),
          .birthdate = static_cast<std::int32_t>(query.Number(kBirthdate)),
          .gender = static_cast<char>(query.Number(kGender))};
}

bool IsPending(const Query& query) { return query.Number(kState) == state_pending; }

absl::Time ReadExpiry(const Query& query) {
  return IsPending(query) ? query.Time(kCredentialExpireTime) : absl::InfinitePast();
}

AccountFacts ReadFacts(const Query& query) {
  return {.client_id = query.Id(kClientId),
          .email_address = std::string(query.Text(kEmailAddress)),
          .profile = ReadProfile(query),
          .pending = IsPending(query),
          .created_by = ReadReference(query, kCreatedImport, kCreatedRow),
          .profile_changed = query.Number(kProfileChanged) != 0,
          .credential_set_by = ReadReference(query, kCredentialImport, kCredentialRow),
          .credential_generated = query.Number(kCredentialGenerated) != 0,
          .password_expires_at = ReadExpiry(query),
          .changed_by_row = 0};
}

ClientRecord ReadRecord(const OrganizationId& organization_id, const Query& query) {
  return {.organization_id = organization_id,
          .client_id = query.Id(kClientId),
          .email_address = std::string(query.Text(kEmailAddress)),
          .profile = ReadProfile(query),
          .pending = IsPending(query),
          .create_time = query.Time(kCreateTime),
          .update_time = query.Time(kUpdateTime),
          .created_by = ReadReference(query, kCreatedImport, kCreatedRow),
          .password_expires_at = ReadExpiry(query)};
}

absl::StatusOr<std::optional<AccountFacts>> NextFacts(Query& query) {
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return ReadFacts(query);
}

absl::StatusOr<std::optional<ClientRecord>> NextRecord(const OrganizationId& organization_id,
                                                       Query& query) {
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return ReadRecord(organization_id, query);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AccountTable>> AccountTable::Prepare(const Connection& connection) {
  auto any = Statement::Prepare(connection, any_sql);
  auto by_email = Statement::Prepare(connection, by_email_sql);
  auto by_id = Statement::Prepare(connection, by_id_sql);
  auto by_creation = Statement::Prepare(connection, by_creation_sql);
  auto effect = Statement::Prepare(connection, effect_sql);
  auto changed_by = Statement::Prepare(connection, changed_by_sql);
  auto list = Statement::Prepare(connection, list_sql);
  for (const auto* statement :
       {&any, &by_email, &by_id, &by_creation, &effect, &changed_by, &list}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<AccountTable>(new AccountTable(
      {*std::move(any), *std::move(by_email), *std::move(by_id), *std::move(by_creation),
       *std::move(effect), *std::move(changed_by), *std::move(list)}));
}

absl::StatusOr<bool> AccountTable::HasAny(const OrganizationId& organization_id) {
  return Query(statements_.any).Bind(organization_id.value()).Next();
}

absl::StatusOr<std::optional<AccountFacts>> AccountTable::FindByEmail(
    const OrganizationId& organization_id, std::string_view email_address,
    const std::optional<Uuid>& import_id) {
  Query query(statements_.by_email);
  query.Bind(organization_id.value()).Bind(email_address);
  absl::StatusOr<std::optional<AccountFacts>> account = NextFacts(query);
  if (!account.ok() || !*account || !import_id) return account;

  Query changed_by(statements_.changed_by);
  changed_by.Bind(organization_id.value()).Bind(*import_id).Bind((*account)->client_id);
  const absl::StatusOr<bool> changed = changed_by.Next();
  if (!changed.ok()) return changed.status();
  if (*changed) (*account)->changed_by_row = changed_by.Number(0);
  return account;
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

  const Uuid client_id = effect.Id(0);
  Query client(statements_.by_id);
  client.Bind(key.organization_id.value()).Bind(client_id);
  absl::StatusOr<std::optional<AccountFacts>> account = NextFacts(client);
  if (!account.ok()) return account.status();
  if (!*account) return std::nullopt;
  (*account)->changed_by_row = row_number;
  return RowEffect{static_cast<RowOutcome>(effect.Number(1)), **std::move(account)};
}

absl::StatusOr<std::optional<ClientRecord>> AccountTable::Get(const OrganizationId& organization_id,
                                                              const Uuid& client_id) {
  Query query(statements_.by_id);
  query.Bind(organization_id.value()).Bind(client_id);
  return NextRecord(organization_id, query);
}

absl::StatusOr<std::optional<ClientRecord>> AccountTable::GetByEmail(
    const OrganizationId& organization_id, std::string_view email_address) {
  Query query(statements_.by_email);
  query.Bind(organization_id.value()).Bind(email_address);
  return NextRecord(organization_id, query);
}

absl::StatusOr<Page<ClientRecord, Uuid>> AccountTable::List(const OrganizationId& organization_id,
                                                            const ClientFilter& filter,
                                                            const std::optional<Uuid>& after,
                                                            int page_size) {
  Query query(statements_.list);
  query.Bind(organization_id.value()).BindBlob(after ? after->bytes() : behind_all_ids);
  filter.import_id ? query.Bind(*filter.import_id) : query.BindNull();
  filter.pending ? query.Bind(std::int64_t{*filter.pending ? state_pending : state_active})
                 : query.BindNull();
  // One more than asked for tells whether there is another page.
  query.Bind(std::int64_t{page_size} + 1);

  Page<ClientRecord, Uuid> page;
  while (true) {
    absl::StatusOr<std::optional<ClientRecord>> record = NextRecord(organization_id, query);
    if (!record.ok()) return record.status();
    if (!*record) return page;
    if (page.records.size() == static_cast<std::size_t>(page_size)) {
      page.next_after = page.records.back().client_id;
      return page;
    }
    page.records.push_back(**std::move(record));
  }
}

absl::StatusOr<std::unique_ptr<AccountWriter>> AccountWriter::Prepare(
    const Connection& connection) {
  auto insert = Statement::Prepare(connection, insert_sql);
  auto update_profile = Statement::Prepare(connection, update_profile_sql);
  auto set_credential = Statement::Prepare(connection, set_credential_sql);
  auto insert_effect = Statement::Prepare(connection, insert_effect_sql);
  for (const auto* statement : {&insert, &update_profile, &set_credential, &insert_effect}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<AccountWriter>(new AccountWriter(
      connection.handle(), {*std::move(insert), *std::move(update_profile),
                            *std::move(set_credential), *std::move(insert_effect)}));
}

absl::StatusOr<bool> AccountWriter::Insert(const ImportBatch& batch, const PreparedRow& row,
                                           const Uuid& client_id) {
  const ClientProfile& profile = row.row.profile();
  Query query(statements_.insert);
  query.Bind(batch.key.organization_id.value())
      .Bind(client_id)
      .Bind(row.row.email_address())
      .Bind(profile.first_name)
      .Bind(profile.last_name)
      .Bind(std::int64_t{profile.birthdate})
      .Bind(std::int64_t{profile.gender})
      .Bind(batch.now)
      .Bind(batch.key.import_id)
      .Bind(row.row.row_number())
      .Bind(row.credential->phc())
      .Bind(std::int64_t{row.credential->generated()})
      .Bind(batch.password_expires_at);
  if (absl::Status status = query.Execute(); !status.ok()) return status;
  return sqlite3_changes(handle_) == 1;
}

absl::Status AccountWriter::UpdateProfile(const ImportBatch& batch, const Uuid& client_id,
                                          const ClientProfile& profile) {
  return Query(statements_.update_profile)
      .Bind(profile.first_name)
      .Bind(profile.last_name)
      .Bind(std::int64_t{profile.birthdate})
      .Bind(std::int64_t{profile.gender})
      .Bind(batch.now)
      .Bind(batch.key.organization_id.value())
      .Bind(client_id)
      .Execute();
}

absl::Status AccountWriter::SetCredential(const ImportBatch& batch, const PreparedRow& row,
                                          const Uuid& client_id) {
  return Query(statements_.set_credential)
      .Bind(row.credential->phc())
      .Bind(std::int64_t{row.credential->generated()})
      .Bind(batch.key.import_id)
      .Bind(row.row.row_number())
      .Bind(batch.password_expires_at)
      .Bind(batch.now)
      .Bind(batch.key.organization_id.value())
      .Bind(client_id)
      .Execute();
}

absl::Status AccountWriter::InsertEffect(const ImportBatch& batch, const PreparedRow& row,
                                         const RowAnswer& answer) {
  return Query(statements_.insert_effect)
      .Bind(batch.key.organization_id.value())
      .Bind(batch.key.import_id)
      .Bind(row.row.row_number())
      .Bind(answer.client_id)
      .Bind(std::int64_t{static_cast<int>(answer.outcome)})
      .Execute();
}

}  // namespace provisioning
