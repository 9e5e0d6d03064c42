// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "service/sharing/organization_shares.h"
#include "service/store/identity_store.h"
#include "service/store/postgres/account_reader.h"
#include "service/store/postgres/batch_committer.h"
#include "service/store/postgres/connection_pool.h"
#include "service/store/postgres/failure_table.h"
#include "service/store/postgres/transaction_runner.h"

namespace provisioning {

struct PostgresOptions {
  // A libpq connection URL, postgresql://...; also of several hosts, of which the
  // first that takes writes is used.
  std::string url;
  // Connections at most: so many for batches, which are as many batches at the
  // same time, and so many for everything else. From 1.
  int batch_connections = 4;
  int call_connections = 4;
  absl::Duration connect_timeout = absl::Seconds(3);  // For each host; 2 s at least.
  TransactionRunner::Options patience = {};
  // A batch with more rows makes way for others that wait (BatchStop::kMadeWay).
  int rows_per_transaction_max = 4'096;
  // Called, on any thread, with why when the database has gone, with OK when it is
  // back, and with what it refused; all of it is for the operator alone.
  std::function<void(const absl::Status&)> tell = {};
  // How organizations share transactions when they wait for them.
  OrganizationShares shares = {};
};

// PostgreSQL 13 or later, or a relative that speaks its protocol. Any number of
// servers may work on one database: the row locks of READ COMMITTED keep them
// apart. A committed transaction is where the server's settings say that it is;
// see service/README.md, "PostgreSQL".
class PostgresIdentityStore final : public IdentityStore {
 public:
  // Connects. Refuses, with a sentence that says why and names no password: a
  // database that cannot be reached or does not keep what it commits, a standby,
  // a schema that is not there, too old, or too new for this program.
  static absl::StatusOr<std::unique_ptr<PostgresIdentityStore>> Open(
      const PostgresOptions& options);

  absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) override;
  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override;
  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) override;
  absl::StatusOr<std::optional<ImportRecord>> GetImport(const ImportKey& key) override;
  absl::StatusOr<Page<ImportRecord, ImportPosition>> ListImports(
      const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
      int page_size) override;
  absl::StatusOr<std::optional<ClientRecord>> GetClient(const OrganizationId& organization_id,
                                                        const Uuid& client_id) override;
  absl::StatusOr<std::optional<ClientRecord>> GetClientByEmail(
      const OrganizationId& organization_id, const std::string& email_address) override;
  absl::StatusOr<Page<ClientRecord, Uuid>> ListClients(const OrganizationId& organization_id,
                                                       const ClientFilter& filter,
                                                       const std::optional<Uuid>& after,
                                                       int page_size) override;
  absl::StatusOr<std::optional<SignInAccount>> FindSignInAccount(
      const OrganizationId& organization_id, const std::string& email_address) override;
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now) override;
  absl::Status ForgetFailures(const FailureKey& key) override;
  void RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                    const Caller& caller, absl::Time now) override;
  absl::StatusOr<bool> Activate(const Activation& activation) override;
  absl::Status RecordSignIn(const SignIn& sign_in) override;
  absl::StatusOr<ReissueAnswer> ReissuePassword(const Reissue& reissue) override;
  absl::StatusOr<bool> EraseClient(const OrganizationId& organization_id, const Uuid& client_id,
                                   const Caller& caller, absl::Time now) override;
  absl::Status BeginRevert(const ImportKey& key, const Caller& caller, absl::Time now) override;
  absl::StatusOr<RevertAnswer> RevertClients(const ImportKey& key, std::int64_t after_row,
                                             int clients_max, const Caller& caller,
                                             absl::Time now) override;
  absl::StatusOr<Page<AuditRecord, std::int64_t>> ListAudit(std::int64_t after,
                                                            int page_size) override;
  absl::Status CheckReady() override;

 private:
  PostgresIdentityStore(const PostgresOptions& options, const std::string& failure_secret);

  const OrganizationShares shares_;
  Outage outage_;
  // Apart: what waits for one kind of work does not hold the other up.
  ConnectionPool batch_pool_;
  ConnectionPool call_pool_;
  const TransactionRunner batch_runner_;
  const TransactionRunner runner_;
  const FailureTable failures_;
  const AccountReader accounts_;
  BatchCommitter committer_;
};

}  // namespace provisioning
