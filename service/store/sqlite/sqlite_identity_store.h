// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "service/sharing/organization_shares.h"
#include "service/store/identity_store.h"
#include "service/store/sqlite/call_job.h"
#include "service/store/sqlite/database_file.h"
#include "service/store/sqlite/failure_file.h"
#include "service/store/sqlite/group_committer.h"
#include "service/store/sqlite/reader_pool.h"
#include "service/store/sqlite/store_health.h"

namespace provisioning {

struct SqliteOptions {
  // Of the database file; made if there is none. Its folder must exist. Beside it
  // appear PATH-wal, PATH-shm, PATH.lock and PATH.failures (failure_file.h).
  std::string path;
  // For tests; empty: SQLite's default.
  std::string vfs_name;
  // Called once, on any thread, when the store breaks down: an error after which
  // it is unknown what is on the disk. Everything is refused from then on
  // (kStoreUnavailable), until the store is opened anew.
  std::function<void(absl::Status)> on_broken;
  // A transaction takes batches up to this many rows. One batch may be larger: it
  // goes on while nobody else waits, and makes way then (BatchStop::kMadeWay).
  // More is faster, and longer to wait for others: 4,096 rows take some 50 ms.
  int rows_per_transaction_max = 4'096;
  // The log is checkpointed above this many pages of 4 KiB, and when the store is
  // idle: larger is faster, and the log's size on the disk (256 MiB, and what one
  // commit adds) and the time of a recovery grow with it.
  int wal_pages_max = 65'536;
  // How long a commit waits for a lock of some other program on the file, before
  // it fails (kStoreUnavailable; nothing was written).
  absl::Duration busy_timeout = absl::Seconds(5);
  // How long an erasure waits for readers that keep what it overwrote in the log,
  // at the same time as others commit, before it fails (kStoreUnavailable; it is
  // done, and the log is emptied as soon as it can be).
  absl::Duration erasure_time_max = absl::Seconds(5);
  // How organizations share transactions when they wait for them.
  OrganizationShares shares = {};
  int writer_cache_kib = 64 << 10;
  // Connections that read at the same time, and the cache of each.
  int readers = 4;
  int reader_cache_kib = 2 << 10;
};

// An embedded store: one database file, one server at a time. Commits of all
// streams share transactions. A committed transaction is on stable storage:
// WAL mode with synchronous=FULL.
class SqliteIdentityStore final : public IdentityStore {
 public:
  // Refuses, with a sentence that says why and without changing the file: a
  // database that another server holds, a file that is not a database of this
  // service, a schema newer than this program's.
  static absl::StatusOr<std::unique_ptr<SqliteIdentityStore>> Open(const SqliteOptions& options);

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
  struct Nothing {};
  using FoundClient = std::optional<AccountTable::FoundClient>;

  SqliteIdentityStore(DatabaseLock lock, const SqliteOptions& options);

  // Has `call` done by the writer, and waits until it is on stable storage.
  template <typename Result>
  absl::StatusOr<Result> Write(typename CallJob<Result>::Options options,
                               std::function<absl::StatusOr<Result>(StoreWriter&)> call);
  absl::Status WriteOnly(CallJob<Nothing>::Options options,
                         std::function<absl::Status(StoreWriter&)> call);
  absl::StatusOr<std::optional<ClientRecord>> FindClient(
      const std::function<absl::StatusOr<FoundClient>(AccountTable&)>& find);
  absl::StatusOr<ClientRecord> WithFailures(AccountTable::FoundClient client);

  // In the order of their making: the lock goes last, and the writer, which
  // empties the log as it goes, after the readers.
  const DatabaseLock lock_;
  const OrganizationShares shares_;
  StoreHealth health_;
  std::unique_ptr<GroupCommitter> committer_;
  std::unique_ptr<ReaderPool> readers_;
  std::unique_ptr<FailureFile> failures_;
};

}  // namespace provisioning
