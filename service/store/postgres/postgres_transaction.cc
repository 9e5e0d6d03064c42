// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/postgres_transaction.h"

#include <utility>

#include "service/store/postgres/audit_columns.h"
#include "service/store/postgres/client_columns.h"
#include "service/store/postgres/import_columns.h"
#include "service/store/postgres/sql_error.h"

namespace provisioning {
namespace {

constexpr std::string_view find_import_sql =
    "SELECT " IMPORT_COLUMNS " FROM import WHERE organization_id=$1 AND import_id=$2 FOR UPDATE";
constexpr std::string_view find_client_sql =
    "SELECT " CLIENT_COLUMNS
    " FROM client WHERE organization_id=$1 AND client_id=$2 AND state<>3 FOR UPDATE";
constexpr std::string_view erased_sql =
    "SELECT 1 FROM client WHERE organization_id=$1 AND client_id=$2 AND state=3";
constexpr std::string_view created_by_sql =
    "SELECT " CLIENT_COLUMNS
    " FROM client WHERE organization_id=$1 AND created_import=$2 AND created_row>$3 AND state<>3 "
    "ORDER BY created_row LIMIT $4 FOR UPDATE";
constexpr std::string_view set_temporary_sql =
    "UPDATE client SET state=1, credential=$3, credential_generated=$4, credential_import=$5, "
    "credential_row=$6, credential_expire_time=$7, update_time=$8 "
    "WHERE organization_id=$1 AND client_id=$2";
constexpr std::string_view activate_sql =
    "UPDATE client SET state=2, used=true, credential=$4, credential_generated=false, "
    "credential_import=NULL, credential_row=NULL, credential_expire_time=NULL, update_time=$5 "
    "WHERE organization_id=$1 AND client_id=$2 AND state=1 AND credential=$3";
constexpr std::string_view mark_used_sql =
    "UPDATE client SET used=true, credential=$4 "
    "WHERE organization_id=$1 AND client_id=$2 AND state=2 AND credential=$3";
constexpr std::string_view erase_sql =
    "UPDATE client SET state=3, email_address=NULL, first_name='', last_name='', birthdate=NULL, "
    "gender=NULL, credential='', credential_expire_time=NULL, update_time=$3 "
    "WHERE organization_id=$1 AND client_id=$2 AND state<>3";
constexpr std::string_view lock_client_sql =
    "SELECT 1 FROM client WHERE organization_id=$1 AND client_id=$2 FOR UPDATE";
constexpr std::string_view credential_sql =
    "SELECT credential=$3 FROM client WHERE organization_id=$1 AND client_id=$2 FOR UPDATE";

SqlParams ClientKey(const OrganizationId& organization_id, const Uuid& client_id) {
  return std::move(SqlParams().Text(organization_id.value()).Id(client_id));
}

}  // namespace

PostgresTransaction::PostgresTransaction(SqlConnection& connection, absl::Duration answer_timeout)
    : connection_(connection), answer_timeout_(answer_timeout) {
  waiting_.push_back({"BEGIN ISOLATION LEVEL READ COMMITTED"});
}

absl::StatusOr<SqlResult> PostgresTransaction::Run(SqlStatement statement) {
  RunLater(std::move(statement));
  auto results = RunWaiting();
  if (!results.ok()) return results.status();
  return std::move(results->back());
}

absl::StatusOr<std::vector<SqlResult>> PostgresTransaction::RunWaiting() {
  begun_ = true;
  const std::vector<SqlStatement> statements = std::exchange(waiting_, {});
  return connection_.Run(statements, answer_timeout_);
}

absl::Status PostgresTransaction::CopyIn(std::string_view sql,
                                         const SqlConnection::NextBytes& next) {
  if (!waiting_.empty()) {
    if (const auto results = RunWaiting(); !results.ok()) return results.status();
  }
  return connection_.CopyIn(sql, next, answer_timeout_);
}

absl::Status PostgresTransaction::Commit() {
  const std::size_t before = waiting_.size();
  const auto committed = Run({"COMMIT"});
  if (!committed.ok()) {
    // One of those before it failed, and the server said so: it was not reached.
    const bool reached = connection_.lost() || connection_.done() >= before;
    in_doubt_ = reached && IsInDoubt(committed.status());
    return committed.status();
  }
  if (committed->tag() != "COMMIT") {
    return SqlError("40000", "the database rolled the transaction back");
  }
  // It is committed here; whether a standby has it nobody knows.
  in_doubt_ = !connection_.warning().empty();
  return in_doubt_ ? SqlError("40003", connection_.warning()) : absl::OkStatus();
}

void PostgresTransaction::Rollback() {
  waiting_.clear();
  if (begun_ && !connection_.lost()) (void)connection_.Run({"ROLLBACK"}, answer_timeout_);
}

absl::StatusOr<std::optional<ImportRecord>> PostgresTransaction::FindImport(const ImportKey& key) {
  const auto result = Run({find_import_sql, ClientKey(key.organization_id, key.import_id)});
  if (!result.ok()) return result.status();
  import_found_ = !result->empty();
  if (!import_found_) return std::nullopt;
  return ReadImport(key.organization_id, *result, 0);
}

absl::Status PostgresTransaction::PutImport(const ImportRecord& record) {
  if (import_found_) {
    RunLater(UpdateImport(record));
    return absl::OkStatus();
  }
  // Somebody else may have made it since it was looked for.
  const auto inserted = Run(InsertImport(record));
  return inserted.ok() ? absl::OkStatus() : inserted.status();
}

absl::Status PostgresTransaction::AddAudit(const AuditRecord& record) {
  RunLater(InsertAudit(record));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<AccountFacts>> PostgresTransaction::FindClient(
    const OrganizationId& organization_id, const Uuid& client_id) {
  const auto result = Run({find_client_sql, ClientKey(organization_id, client_id)});
  if (!result.ok()) return result.status();
  if (result->empty()) return std::nullopt;
  return ReadFacts(*result, 0);
}

absl::StatusOr<bool> PostgresTransaction::IsErased(const OrganizationId& organization_id,
                                                   const Uuid& client_id) {
  const auto result = Run({erased_sql, ClientKey(organization_id, client_id)});
  if (!result.ok()) return result.status();
  return !result->empty();
}

absl::StatusOr<std::vector<AccountFacts>> PostgresTransaction::ListCreatedBy(const ImportKey& key,
                                                                             std::int64_t after_row,
                                                                             int count_max) {
  SqlParams params = ClientKey(key.organization_id, key.import_id);
  params.Number(after_row).Number(count_max);
  const auto result = Run({created_by_sql, std::move(params)});
  if (!result.ok()) return result.status();
  std::vector<AccountFacts> accounts;
  for (int row = 0; row < result->rows(); ++row) accounts.push_back(ReadFacts(*result, row));
  return accounts;
}

absl::Status PostgresTransaction::SetTemporaryPassword(const OrganizationId& organization_id,
                                                       const Uuid& client_id,
                                                       const TemporaryPassword& password,
                                                       absl::Time now) {
  SqlParams params = ClientKey(organization_id, client_id);
  params.Text(password.credential.phc()).Bool(password.credential.generated());
  if (password.set_by) {
    params.Id(password.set_by->import_id).Number(password.set_by->row_number);
  } else {
    params.Null(SqlType::kId).Null(SqlType::kNumber);
  }
  params.Time(password.expires_at).Time(now);
  RunLater({set_temporary_sql, std::move(params)});
  return absl::OkStatus();
}

absl::StatusOr<bool> PostgresTransaction::Activate(const Activation& activation) {
  SqlParams params = ClientKey(activation.organization_id, activation.client_id);
  params.Text(activation.expected_credential)
      .Text(activation.credential.phc())
      .Time(activation.now);
  const auto result = Run({activate_sql, std::move(params)});
  if (!result.ok()) return result.status();
  return result->affected() == 1;
}

absl::Status PostgresTransaction::MarkUsed(const OrganizationId& organization_id,
                                           const Uuid& client_id,
                                           std::string_view expected_credential,
                                           std::string_view credential) {
  SqlParams params = ClientKey(organization_id, client_id);
  params.Text(expected_credential).Text(credential);
  RunLater({mark_used_sql, std::move(params)});
  return absl::OkStatus();
}

absl::Status PostgresTransaction::Erase(const OrganizationId& organization_id,
                                        const Uuid& client_id, absl::Time now) {
  SqlParams params = ClientKey(organization_id, client_id);
  params.Time(now);
  RunLater({erase_sql, std::move(params)});
  return absl::OkStatus();
}

absl::Status PostgresTransaction::LockClient(const OrganizationId& organization_id,
                                             const Uuid& client_id) {
  return Run({lock_client_sql, ClientKey(organization_id, client_id)}).status();
}

absl::StatusOr<bool> PostgresTransaction::HasCredential(const OrganizationId& organization_id,
                                                        const Uuid& client_id,
                                                        std::string_view credential) {
  SqlParams params = ClientKey(organization_id, client_id);
  params.Text(credential);
  const auto result = Run({credential_sql, std::move(params)});
  if (!result.ok()) return result.status();
  return !result->empty() && result->Bool(0, 0);
}

}  // namespace provisioning
