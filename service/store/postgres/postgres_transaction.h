// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "service/store/postgres/sql_connection.h"
#include "service/store/store_transaction.h"

namespace provisioning {

// One transaction of a session. Statements whose results nobody waits for go out
// with the next one, so that a transaction takes few round trips. READ COMMITTED:
// each statement sees what others have committed before it.
class PostgresTransaction final : public StoreTransaction {
 public:
  // `connection` outlives it. `answer_timeout`: for each answer.
  PostgresTransaction(SqlConnection& connection, absl::Duration answer_timeout);

  absl::StatusOr<SqlResult> Run(SqlStatement statement);
  // See SqlConnection::CopyIn.
  absl::Status CopyIn(std::string_view sql, const SqlConnection::NextBytes& next);
  // With the next Run, or the COMMIT.
  void RunLater(SqlStatement statement) { waiting_.push_back(std::move(statement)); }
  // OK: it is on stable storage, on the standbys' too where the server is set so.
  absl::Status Commit();
  // After an error of Commit: it may be committed, or not.
  bool in_doubt() const { return in_doubt_; }
  void Rollback();

  absl::StatusOr<std::optional<ImportRecord>> FindImport(const ImportKey& key) override;
  absl::Status PutImport(const ImportRecord& record) override;
  absl::Status AddAudit(const AuditRecord& record) override;
  absl::StatusOr<std::optional<AccountFacts>> FindClient(const OrganizationId& organization_id,
                                                         const Uuid& client_id) override;
  absl::StatusOr<bool> IsErased(const OrganizationId& organization_id,
                                const Uuid& client_id) override;
  absl::StatusOr<std::vector<AccountFacts>> ListCreatedBy(const ImportKey& key,
                                                          std::int64_t after_row,
                                                          int count_max) override;
  absl::Status SetTemporaryPassword(const OrganizationId& organization_id, const Uuid& client_id,
                                    const TemporaryPassword& password, absl::Time now) override;
  absl::StatusOr<bool> Activate(const Activation& activation) override;
  absl::Status MarkUsed(const OrganizationId& organization_id, const Uuid& client_id,
                        std::string_view expected_credential, std::string_view credential) override;
  absl::Status Erase(const OrganizationId& organization_id, const Uuid& client_id,
                     absl::Time now) override;
  // Nobody else changes the client, erased or not, before the transaction's end.
  absl::Status LockClient(const OrganizationId& organization_id, const Uuid& client_id);
  // The client has exactly this credential.
  absl::StatusOr<bool> HasCredential(const OrganizationId& organization_id, const Uuid& client_id,
                                     std::string_view credential);

 private:
  absl::StatusOr<std::vector<SqlResult>> RunWaiting();

  SqlConnection& connection_;
  const absl::Duration answer_timeout_;
  std::vector<SqlStatement> waiting_;
  bool begun_ = false;  // The server knows of it.
  bool in_doubt_ = false;
  bool import_found_ = false;
};

}  // namespace provisioning
