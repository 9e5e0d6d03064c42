// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/client_writes.h"

#include <utility>

#include "service/store/postgres/client_columns.h"

namespace provisioning {
namespace {

// As ClientCopy::Add has them.
constexpr int copied_columns = 19;
constexpr std::string_view profiles_sql =
    "UPDATE client SET first_name=n.first_name, last_name=n.last_name, birthdate=n.birthdate, "
    "gender=n.gender, profile_changed=true, update_time=$2 "
    "FROM unnest($3, $4, $5, $6, $7) AS n (client_id, first_name, last_name, birthdate, gender) "
    "WHERE client.organization_id=$1 AND client.client_id=n.client_id";
constexpr std::string_view credentials_sql =
    "UPDATE client SET state=1, credential=n.credential, credential_generated=n.generated, "
    "credential_import=$2, credential_row=n.row_number, credential_expire_time=$3, "
    "update_time=$4 "
    "FROM unnest($5, $6, $7, $8) AS n (client_id, credential, generated, row_number) "
    "WHERE client.organization_id=$1 AND client.client_id=n.client_id";
constexpr std::string_view effects_sql =
    "INSERT INTO import_effect (organization_id, import_id, row_number, client_id, outcome) "
    "SELECT $1, $2, n.row_number, n.client_id, n.outcome "
    "FROM unnest($3, $4, $5) AS n (row_number, client_id, outcome)";

void AddGender(char gender, SqlArray& genders) {
  gender == 0 ? genders.Null() : genders.Text(std::string_view(&gender, 1));
}

}  // namespace

void ClientWrites::UpdateProfile(const Uuid& client_id, const ClientProfile& profile) {
  profiles_.client_ids.Id(client_id);
  profiles_.first_names.Text(profile.first_name);
  profiles_.last_names.Text(profile.last_name);
  profiles_.birthdates.Date(profile.birthdate);
  AddGender(profile.gender, profiles_.genders);
}

void ClientWrites::SetCredential(const Uuid& client_id, const Credential& credential,
                                 std::int64_t row_number) {
  credentials_.client_ids.Id(client_id);
  credentials_.texts.Text(credential.phc());
  credentials_.generated.Bool(credential.generated());
  credentials_.rows.Number(row_number);
}

void ClientWrites::AddEffect(std::int64_t row_number, const Uuid& client_id, RowOutcome outcome) {
  effects_.rows.Number(row_number);
  effects_.client_ids.Id(client_id);
  effects_.outcomes.Number(static_cast<std::int64_t>(outcome));
}

void ClientWrites::RunLater(const ImportBatch& batch, PostgresTransaction& transaction) const {
  const std::string& organization = batch.key.organization_id.value();
  if (profiles_.client_ids.count() > 0) {
    SqlParams params;
    params.Text(organization).Time(batch.now);
    params.Array(profiles_.client_ids).Array(profiles_.first_names).Array(profiles_.last_names);
    params.Array(profiles_.birthdates).Array(profiles_.genders);
    transaction.RunLater({profiles_sql, std::move(params)});
  }
  if (credentials_.client_ids.count() > 0) {
    SqlParams params;
    params.Text(organization).Id(batch.key.import_id);
    params.Time(batch.password_expires_at).Time(batch.now);
    params.Array(credentials_.client_ids).Array(credentials_.texts);
    params.Array(credentials_.generated).Array(credentials_.rows);
    transaction.RunLater({credentials_sql, std::move(params)});
  }
  if (effects_.rows.count() > 0) {
    SqlParams params;
    params.Text(organization).Id(batch.key.import_id);
    params.Array(effects_.rows).Array(effects_.client_ids).Array(effects_.outcomes);
    transaction.RunLater({effects_sql, std::move(params)});
  }
}

const std::string_view ClientCopy::sql =
    "COPY client (organization_id, client_id, email_address, first_name, last_name, birthdate, "
    "gender, state, create_time, update_time, created_import, created_row, profile_changed, used, "
    "credential, credential_generated, credential_import, credential_row, credential_expire_time) "
    "FROM STDIN (FORMAT binary)";

void ClientCopy::Begin(std::string& out) {
  out.append("PGCOPY\n\377\r\n\0", 11);
  out.append(8, '\0');  // No flags, and no more of a header.
}

void ClientCopy::Add(const PreparedRow& row, const Uuid& client_id, std::string& out) const {
  const ClientProfile& profile = row.row.profile();
  const Credential& credential = *row.credential;
  const bool temporary = credential.temporary();
  out.push_back(0);
  out.push_back(copied_columns);
  PutText(batch_.key.organization_id.value(), out);
  PutId(client_id, out);
  PutText(row.row.email_address(), out);
  PutText(profile.first_name, out);
  PutText(profile.last_name, out);
  PutDate(profile.birthdate, out);
  profile.gender == 0 ? PutNull(out) : PutText(std::string_view(&profile.gender, 1), out);
  PutSmallNumber(
      static_cast<std::int16_t>(temporary ? ClientState::kPending : ClientState::kActive), out);
  PutTime(batch_.now, out);
  PutTime(batch_.now, out);
  PutId(batch_.key.import_id, out);
  PutNumber(row.row.row_number(), out);
  PutBool(false, out);
  PutBool(false, out);
  PutText(credential.phc(), out);
  PutBool(credential.generated(), out);
  PutId(batch_.key.import_id, out);
  PutNumber(row.row.row_number(), out);
  PutTime(temporary ? batch_.password_expires_at : absl::InfinitePast(), out);
}

void ClientCopy::End(std::string& out) { out.append(2, '\377'); }

}  // namespace provisioning
