// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/postgres_identity_store.h"

#include <string_view>
#include <utility>

#include "service/model/error.h"
#include "service/store/postgres/audit_reader.h"
#include "service/store/postgres/import_columns.h"
#include "service/store/postgres/schema.h"
#include "service/store/store_edits.h"

namespace provisioning {
namespace {

constexpr std::string_view get_import_sql =
    "SELECT " IMPORT_COLUMNS " FROM import WHERE organization_id=$1 AND import_id=$2";
constexpr std::string_view list_imports_sql =
    "SELECT " IMPORT_COLUMNS
    " FROM import WHERE organization_id=$1 AND (create_time, import_id) < ($2, $3) "
    "AND NOT single_client ORDER BY create_time DESC, import_id DESC LIMIT $4";

// What a transaction found out, which is no failure of it.
template <typename Result>
absl::Status Keep(absl::StatusOr<Result> result, Result& kept) {
  if (result.ok()) kept = *std::move(result);
  return result.status();
}

template <typename Result>
absl::StatusOr<Result> ResultOf(absl::Status status, Result result) {
  if (!status.ok()) return status;
  return result;
}

// A second time finds nothing to write, and would not wait for the standby to which
// the first may not have come: the commit of a lock does.
TransactionRunner::WasCommitted AgainAfterLocking(const OrganizationId& organization_id,
                                                  const Uuid& client_id) {
  return [&](PostgresTransaction& transaction) -> absl::StatusOr<bool> {
    absl::Status status = transaction.LockClient(organization_id, client_id);
    if (!status.ok()) return status;
    return false;
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresIdentityStore>> PostgresIdentityStore::Open(
    const PostgresOptions& options) {
  auto connection = SqlConnection::Open(options.url, options.connect_timeout);
  if (!connection.ok()) return connection.status();
  const auto info = ReadStoreInfo(*connection);
  if (!info.ok()) return info.status();
  absl::Status status = CheckSchema(*info, PostgresMigrations().back().version);
  if (!status.ok()) return status;
  return std::unique_ptr<PostgresIdentityStore>(
      new PostgresIdentityStore(options, info->failure_secret));
}

PostgresIdentityStore::PostgresIdentityStore(const PostgresOptions& options,
                                             const std::string& failure_secret)
    : shares_(options.shares),
      outage_(options.tell),
      batch_pool_({options.url, options.batch_connections, options.connect_timeout}),
      call_pool_({options.url, options.call_connections, options.connect_timeout}),
      batch_runner_(batch_pool_, outage_, options.patience),
      runner_(call_pool_, outage_, options.patience),
      failures_(runner_, failure_secret),
      accounts_(runner_, failures_),
      committer_(batch_runner_, {options.batch_connections, options.rows_per_transaction_max},
                 shares_) {}

absl::StatusOr<ClaimedImport> PostgresIdentityStore::ClaimImport(const ImportClaim& claim) {
  ClaimedImport claimed;
  // Done twice, it takes one more epoch.
  absl::Status status = runner_.RunRepeatable([&](PostgresTransaction& transaction) {
    return Keep(store_edits::ClaimImport(transaction, claim), claimed);
  });
  return ResultOf(std::move(status), claimed);
}

void PostgresIdentityStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  committer_.Commit(std::move(batch), std::move(done));
}

absl::StatusOr<std::vector<std::optional<AccountFacts>>> PostgresIdentityStore::FindAccounts(
    const OrganizationId& organization_id, std::span<const std::string> email_addresses,
    const std::optional<Uuid>& import_id) {
  return accounts_.FindAccounts(organization_id, email_addresses, import_id);
}

absl::StatusOr<std::optional<ImportRecord>> PostgresIdentityStore::GetImport(const ImportKey& key) {
  const auto result = runner_.RunStatement(
      {get_import_sql, std::move(SqlParams().Text(key.organization_id.value()).Id(key.import_id))});
  if (!result.ok()) return result.status();
  if (result->empty()) return std::nullopt;
  return ReadImport(key.organization_id, *result, 0);
}

absl::StatusOr<Page<ImportRecord, ImportPosition>> PostgresIdentityStore::ListImports(
    const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
    int page_size) {
  SqlParams params;
  // Without a position, from behind everything.
  params.Text(organization_id.value())
      .Time(after ? after->create_time : absl::InfiniteFuture())
      .Id(after ? after->import_id : Uuid());
  // One more than asked for tells whether there is another page.
  params.Number(std::int64_t{page_size} + 1);
  const auto result = runner_.RunStatement({list_imports_sql, std::move(params)});
  if (!result.ok()) return result.status();
  Page<ImportRecord, ImportPosition> page;
  for (int row = 0; row < result->rows(); ++row) {
    page.records.push_back(ReadImport(organization_id, *result, row));
  }
  EndPage(page, page_size, PositionOf);
  return page;
}

absl::StatusOr<std::optional<ClientRecord>> PostgresIdentityStore::GetClient(
    const OrganizationId& organization_id, const Uuid& client_id) {
  return accounts_.GetClient(organization_id, client_id);
}

absl::StatusOr<std::optional<ClientRecord>> PostgresIdentityStore::GetClientByEmail(
    const OrganizationId& organization_id, const std::string& email_address) {
  return accounts_.GetClientByEmail(organization_id, email_address);
}

absl::StatusOr<Page<ClientRecord, Uuid>> PostgresIdentityStore::ListClients(
    const OrganizationId& organization_id, const ClientFilter& filter,
    const std::optional<Uuid>& after, int page_size) {
  return accounts_.ListClients(organization_id, filter, after, page_size);
}

absl::StatusOr<std::optional<SignInAccount>> PostgresIdentityStore::FindSignInAccount(
    const OrganizationId& organization_id, const std::string& email_address) {
  return accounts_.FindSignInAccount(organization_id, email_address);
}

absl::StatusOr<AttemptAnswer> PostgresIdentityStore::CountAttempt(const FailureKey& key,
                                                                  const FailureLimits& limits,
                                                                  absl::Time now) {
  return failures_.CountAttempt(key, limits, now);
}

absl::Status PostgresIdentityStore::ForgetFailures(const FailureKey& key) {
  return failures_.ForgetFailures(key);
}

void PostgresIdentityStore::RecordLocked(const OrganizationId& organization_id,
                                         const Uuid& client_id, const Caller& caller,
                                         absl::Time now) {
  committer_.RecordLocked(organization_id, client_id, caller, now);
}

absl::StatusOr<bool> PostgresIdentityStore::Activate(const Activation& activation) {
  bool activated = false;
  absl::Status status = runner_.Run(
      [&](PostgresTransaction& transaction) {
        return Keep(store_edits::Activate(transaction, activation), activated);
      },
      [&](PostgresTransaction& transaction) {
        return transaction.HasCredential(activation.organization_id, activation.client_id,
                                         activation.credential.phc());
      });
  return ResultOf(std::move(status), activated);
}

absl::Status PostgresIdentityStore::RecordSignIn(const SignIn& sign_in) {
  return runner_.Run(
      [&](PostgresTransaction& transaction) {
        return store_edits::RecordSignIn(transaction, sign_in);
      },
      AgainAfterLocking(sign_in.organization_id, sign_in.client_id));
}

absl::StatusOr<ReissueAnswer> PostgresIdentityStore::ReissuePassword(const Reissue& reissue) {
  ReissueAnswer answer;
  absl::Status status = runner_.Run(
      [&](PostgresTransaction& transaction) {
        return Keep(store_edits::ReissuePassword(transaction, reissue), answer);
      },
      [&](PostgresTransaction& transaction) {
        return transaction.HasCredential(reissue.organization_id, reissue.client_id,
                                         reissue.credential.phc());
      });
  return ResultOf(std::move(status), answer);
}

absl::StatusOr<bool> PostgresIdentityStore::EraseClient(const OrganizationId& organization_id,
                                                        const Uuid& client_id, const Caller& caller,
                                                        absl::Time now) {
  bool erased = false;
  absl::Status status = runner_.Run(
      [&](PostgresTransaction& transaction) {
        return Keep(store_edits::EraseClient(transaction, organization_id, client_id, caller, now),
                    erased);
      },
      AgainAfterLocking(organization_id, client_id));
  return ResultOf(std::move(status), erased);
}

absl::Status PostgresIdentityStore::BeginRevert(const ImportKey& key, const Caller& caller,
                                                absl::Time now) {
  return runner_.RunRepeatable([&](PostgresTransaction& transaction) {
    return store_edits::BeginRevert(transaction, key, caller, now);
  });
}

absl::StatusOr<RevertAnswer> PostgresIdentityStore::RevertClients(const ImportKey& key,
                                                                  std::int64_t after_row,
                                                                  int clients_max,
                                                                  const Caller& caller,
                                                                  absl::Time now) {
  RevertAnswer answer;
  // What a second time finds erased it does not count.
  absl::Status status = runner_.RunOnce([&](PostgresTransaction& transaction) {
    return Keep(store_edits::RevertClients(transaction, key, after_row, clients_max, caller, now),
                answer);
  });
  return ResultOf(std::move(status), std::move(answer));
}

absl::StatusOr<Page<AuditRecord, std::int64_t>> PostgresIdentityStore::ListAudit(std::int64_t after,
                                                                                 int page_size) {
  return ReadAuditPage(runner_, after, page_size);
}

absl::Status PostgresIdentityStore::CheckReady() {
  const auto rows = runner_.RunStatement(StoreInfoStatement());
  if (!rows.ok()) return rows.status();
  return CheckSchema(StoreInfoOf(*rows), PostgresMigrations().back().version);
}

}  // namespace provisioning
