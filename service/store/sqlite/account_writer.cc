// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/account_writer.h"

#include <sqlite3.h>

#include <algorithm>

#include "service/model/random_bytes.h"
#include "service/store/sqlite/account_table.h"
#include "service/store/sqlite/stored_form.h"

namespace provisioning {
namespace {

constexpr std::string_view insert_sql =
    "INSERT INTO client (organization_id, client_id, email_key, email_address, first_name, "
    "last_name, birthdate, gender, state, create_time, update_time, created_import, created_row, "
    "profile_changed, used, credential, credential_generated, credential_source, "
    "credential_expire_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, 0, 0, "
    "?13, ?14, ?15, ?16) ON CONFLICT (organization_id, email_key) DO NOTHING";
// A changed profile gets a row of its own, under other keys until the old row has
// given up those of the client.
constexpr std::string_view copy_sql =
    "INSERT INTO client SELECT organization_id, ?1, ?1, email_address, ?2, ?3, ?4, ?5, state, "
    "create_time, ?6, iif(created_import IS NULL, NULL, ?1), created_row, 1, used, credential, "
    "credential_generated, credential_source, credential_expire_time "
    "FROM client WHERE organization_id=?7 AND client_id=?8";
constexpr std::string_view place_sql =
    "UPDATE client SET client_id=?, email_key=email_key(email_address), created_import=? "
    "WHERE organization_id=? AND client_id=?";
// '0's of the same size. As if erased, and without any key of the client.
#define BLANKS                                                                        \
  "state=4, email_address=format('%.*c', length(CAST(email_address AS BLOB)), '0'), " \
  "first_name=format('%.*c', length(CAST(first_name AS BLOB)), '0'), "                \
  "last_name=format('%.*c', length(CAST(last_name AS BLOB)), '0'), "                  \
  "birthdate=iif(birthdate=0, 0, 99999999), gender=iif(gender=0, 0, 88), "            \
  "credential=format('%.*c', length(credential), '0') "
constexpr std::string_view blank_sql =
    "UPDATE client SET client_id=?1, email_key=?1, created_import=iif(created_import IS NULL, "
    "NULL, ?1), " BLANKS "WHERE organization_id=?2 AND client_id=?3";
constexpr std::string_view erase_sql =
    "UPDATE client SET email_key=client_id, update_time=?, " BLANKS
    "WHERE organization_id=? AND client_id=? AND state<>4";
constexpr std::string_view set_temporary_sql =
    "UPDATE client SET state=2, credential=format('%-*s', length(credential), ?), "
    "credential_generated=?, credential_source=?, credential_expire_time=?, update_time=? "
    "WHERE organization_id=? AND client_id=?";
constexpr std::string_view activate_sql =
    "UPDATE client SET state=3, used=1, credential=format('%-*s', length(credential), ?), "
    "credential_generated=0, credential_source=zeroblob(24), update_time=? "
    "WHERE organization_id=? AND client_id=? AND state=2 AND rtrim(credential)=?";
constexpr std::string_view mark_used_sql =
    "UPDATE client SET used=1, credential=format('%-*s', length(credential), ?) "
    "WHERE organization_id=? AND client_id=? AND state=3 AND rtrim(credential)=?";
constexpr std::string_view insert_effect_sql =
    "INSERT INTO import_effect (organization_id, import_id, row_number, client_id, outcome) "
    "VALUES (?, ?, ?, ?, ?)";

Uuid RandomId() {
  std::array<std::uint8_t, Uuid::size> bytes;
  FillRandom(bytes);
  return Uuid(bytes);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AccountWriter>> AccountWriter::Prepare(
    const Connection& connection) {
  auto insert = Statement::Prepare(connection, insert_sql);
  auto copy = Statement::Prepare(connection, copy_sql);
  auto blank = Statement::Prepare(connection, blank_sql);
  auto place = Statement::Prepare(connection, place_sql);
  auto set_temporary = Statement::Prepare(connection, set_temporary_sql);
  auto activate = Statement::Prepare(connection, activate_sql);
  auto mark_used = Statement::Prepare(connection, mark_used_sql);
  auto erase = Statement::Prepare(connection, erase_sql);
  auto insert_effect = Statement::Prepare(connection, insert_effect_sql);
  for (const auto* statement : {&insert, &copy, &blank, &place, &set_temporary, &activate,
                                &mark_used, &erase, &insert_effect}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<AccountWriter>(new AccountWriter(
      connection.handle(), {*std::move(insert), *std::move(copy), *std::move(blank),
                            *std::move(place), *std::move(set_temporary), *std::move(activate),
                            *std::move(mark_used), *std::move(erase), *std::move(insert_effect)}));
}

bool AccountWriter::ChangedOne() const { return sqlite3_changes(handle_) == 1; }

absl::StatusOr<bool> AccountWriter::Insert(const ImportBatch& batch, const PreparedRow& row,
                                           const Uuid& client_id) {
  const ClientProfile& profile = row.row.profile();
  const Credential& credential = *row.credential;
  const EmailKey key(row.row.email_address());
  const StoredReference source(RowReference{batch.key.import_id, row.row.row_number()});
  padded_ = credential.phc();
  padded_.resize(std::max(padded_.size(), credential_bytes_min), ' ');
  Query query(statements_.insert);
  query.Bind(batch.key.organization_id.value())
      .Bind(client_id)
      .BindBlob(key.bytes())
      .Bind(row.row.email_address())
      .Bind(profile.first_name)
      .Bind(profile.last_name)
      .Bind(std::int64_t{profile.birthdate})
      .Bind(std::int64_t{profile.gender})
      .Bind(static_cast<std::int64_t>(credential.temporary() ? StoredState::kPending
                                                             : StoredState::kActive))
      .Bind(batch.now)
      .Bind(batch.key.import_id)
      .Bind(row.row.row_number())
      .Bind(padded_)
      .Bind(std::int64_t{credential.generated()})
      .BindBlob(source.bytes())
      .Bind(batch.password_expires_at);
  if (absl::Status status = query.Execute(); !status.ok()) return status;
  return ChangedOne();
}

absl::Status AccountWriter::UpdateProfile(const OrganizationId& organization_id,
                                          const AccountFacts& account, const ClientProfile& profile,
                                          absl::Time now) {
  const Uuid new_row = RandomId();
  const Uuid old_row = RandomId();
  absl::Status status = Query(statements_.copy)
                            .Bind(new_row)
                            .Bind(profile.first_name)
                            .Bind(profile.last_name)
                            .Bind(std::int64_t{profile.birthdate})
                            .Bind(std::int64_t{profile.gender})
                            .Bind(now)
                            .Bind(organization_id.value())
                            .Bind(account.client_id)
                            .Execute();
  if (!status.ok()) return status;
  status = Query(statements_.blank)
               .Bind(old_row)
               .Bind(organization_id.value())
               .Bind(account.client_id)
               .Execute();
  if (!status.ok()) return status;
  Query place(statements_.place);
  place.Bind(account.client_id);
  account.created_by ? place.Bind(account.created_by->import_id) : place.BindNull();
  return place.Bind(organization_id.value()).Bind(new_row).Execute();
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

absl::Status AccountWriter::SetTemporaryPassword(const OrganizationId& organization_id,
                                                 const Uuid& client_id,
                                                 const TemporaryPassword& password,
                                                 absl::Time now) {
  const StoredReference source(password.set_by);
  return Query(statements_.set_temporary)
      .Bind(password.credential.phc())
      .Bind(std::int64_t{password.credential.generated()})
      .BindBlob(source.bytes())
      .Bind(password.expires_at)
      .Bind(now)
      .Bind(organization_id.value())
      .Bind(client_id)
      .Execute();
}

absl::StatusOr<bool> AccountWriter::Activate(const Activation& activation) {
  absl::Status status = Query(statements_.activate)
                            .Bind(activation.credential.phc())
                            .Bind(activation.now)
                            .Bind(activation.organization_id.value())
                            .Bind(activation.client_id)
                            .Bind(activation.expected_credential)
                            .Execute();
  if (!status.ok()) return status;
  return ChangedOne();
}

absl::Status AccountWriter::MarkUsed(const OrganizationId& organization_id, const Uuid& client_id,
                                     std::string_view expected_credential,
                                     std::string_view credential) {
  return Query(statements_.mark_used)
      .Bind(credential)
      .Bind(organization_id.value())
      .Bind(client_id)
      .Bind(expected_credential)
      .Execute();
}

absl::Status AccountWriter::Erase(const OrganizationId& organization_id, const Uuid& client_id,
                                  absl::Time now) {
  return Query(statements_.erase).Bind(now).Bind(organization_id.value()).Bind(client_id).Execute();
}

}  // namespace provisioning
