// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/sqlite_identity_store.h"

#include <sqlite3.h>

#include <future>
#include <utility>

#include "service/model/error.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/schema.h"
#include "service/store/store_edits.h"

namespace provisioning {
namespace {

absl::Status CheckBeforeWriting(const SqliteOptions& options) {
  auto connection = Connection::Open(options.path, Connection::Mode::kReadOnly, options.vfs_name);
  if (!connection.ok()) return connection.status();
  return CheckSchemaVersion(*connection);
}

absl::StatusOr<Connection> OpenWriter(const SqliteOptions& options) {
  auto connection = Connection::Open(options.path, Connection::Mode::kReadWrite, options.vfs_name);
  if (!connection.ok()) return connection;
  connection->SetBusyTimeout(options.busy_timeout);
  const std::pair<const char*, std::string> pragmas[] = {
      {"journal_mode", "wal"},
      {"synchronous", "2"},  // FULL: a commit is synced before it is answered.
      {"secure_delete", "1"},
      {"temp_store", "2"},  // Nothing of a client goes to a temporary file.
      {"cache_size", std::to_string(-options.writer_cache_kib)},
      {"journal_size_limit", std::to_string(std::int64_t{options.wal_pages_max} * 4096)},
  };
  for (const auto& [name, value] : pragmas) {
    if (absl::Status status = connection->SetPragma(name, value); !status.ok()) return status;
  }
  // After a failed sync the log's pages may be in the page cache and nowhere
  // else, and look clean: only what is written anew is sure to be on the disk.
  const int code = sqlite3_wal_checkpoint_v2(connection->handle(), nullptr,
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return SqliteError(code, "emptying the log of an earlier server");
  if (absl::Status status = MigrateSchema(*connection); !status.ok()) return status;
  return connection;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteIdentityStore>> SqliteIdentityStore::Open(
    const SqliteOptions& options) {
  auto lock = DatabaseLock::Take(options.path);
  if (!lock.ok()) return lock.status();
  absl::Status status = EnsureDatabaseFile(options.path);
  if (status.ok()) status = CheckBeforeWriting(options);
  if (!status.ok()) return status;

  std::unique_ptr<SqliteIdentityStore> store(new SqliteIdentityStore(*std::move(lock), options));
  auto writer = OpenWriter(options);
  if (!writer.ok()) return writer.status();
  auto committer = GroupCommitter::Start(*std::move(writer),
                                         {options.rows_per_transaction_max, options.wal_pages_max,
                                          options.busy_timeout, options.erasure_time_max},
                                         store->shares_, store->health_);
  if (!committer.ok()) return committer.status();
  store->committer_ = *std::move(committer);
  auto readers = ReaderPool::Open(options.path, options.vfs_name, options.readers,
                                  options.reader_cache_kib, store->health_);
  if (!readers.ok()) return readers.status();
  store->readers_ = *std::move(readers);
  auto failures = FailureFile::Open(options.path + ".failures", options.vfs_name, store->health_);
  if (!failures.ok()) return failures.status();
  store->failures_ = *std::move(failures);
  return store;
}

SqliteIdentityStore::SqliteIdentityStore(DatabaseLock lock, const SqliteOptions& options)
    : lock_(std::move(lock)), shares_(options.shares), health_(options.on_broken) {}

template <typename Result>
absl::StatusOr<Result> SqliteIdentityStore::Write(
    typename CallJob<Result>::Options options,
    std::function<absl::StatusOr<Result>(StoreWriter&)> call) {
  std::promise<absl::StatusOr<Result>> done;
  auto result = done.get_future();
  committer_->Add(std::make_unique<CallJob<Result>>(
      std::move(options),
      [&call](StoreWriter& writer, const BatchSettler::MakeWay&) { return call(writer); },
      [&done](absl::StatusOr<Result> result) { done.set_value(std::move(result)); }));
  return result.get();
}

absl::StatusOr<ClaimedImport> SqliteIdentityStore::ClaimImport(const ImportClaim& claim) {
  return Write<ClaimedImport>({claim.key.organization_id}, [&claim](StoreWriter& writer) {
    return store_edits::ClaimImport(*writer.store, claim);
  });
}

void SqliteIdentityStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  CallJob<BatchAnswer>::Options options{batch->key.organization_id,
                                        static_cast<int>(batch->rows.size())};
  committer_->Add(std::make_unique<CallJob<BatchAnswer>>(
      std::move(options),
      [batch = std::move(batch)](StoreWriter& writer, const BatchSettler::MakeWay& make_way) {
        return writer.batches->Settle(*batch, make_way);
      },
      std::move(done)));
}

absl::StatusOr<std::vector<std::optional<AccountFacts>>> SqliteIdentityStore::FindAccounts(
    const OrganizationId& organization_id, std::span<const std::string> email_addresses,
    const std::optional<Uuid>& import_id) {
  using Result = std::vector<std::optional<AccountFacts>>;
  return readers_->Read<Result>([&](ReaderPool::Reader& reader) -> absl::StatusOr<Result> {
    // For an organization's first import it is asked once, not for each row.
    const auto any = reader.accounts->HasAny(organization_id);
    if (!any.ok()) return any.status();
    if (!*any) return Result(email_addresses.size());
    Result accounts;
    accounts.reserve(email_addresses.size());
    for (const std::string& email_address : email_addresses) {
      auto account = reader.accounts->FindByEmail(organization_id, email_address, import_id);
      if (!account.ok()) return account.status();
      accounts.push_back(*std::move(account));
    }
    return accounts;
  });
}

absl::StatusOr<std::optional<ImportRecord>> SqliteIdentityStore::GetImport(const ImportKey& key) {
  return readers_->Read<std::optional<ImportRecord>>(
      [&](ReaderPool::Reader& reader) { return reader.imports->Get(key); });
}

absl::StatusOr<Page<ImportRecord, ImportPosition>> SqliteIdentityStore::ListImports(
    const OrganizationId& organization_id, const std::optional<ImportPosition>& after,
    int page_size) {
  return readers_->Read<Page<ImportRecord, ImportPosition>>([&](ReaderPool::Reader& reader) {
    return reader.imports->List(organization_id, after, page_size);
  });
}

absl::StatusOr<std::optional<ClientRecord>> SqliteIdentityStore::GetClient(
    const OrganizationId& organization_id, const Uuid& client_id) {
  return FindClient(
      [&](AccountTable& accounts) { return accounts.Get(organization_id, client_id); });
}

absl::StatusOr<std::optional<ClientRecord>> SqliteIdentityStore::GetClientByEmail(
    const OrganizationId& organization_id, const std::string& email_address) {
  return FindClient(
      [&](AccountTable& accounts) { return accounts.GetByEmail(organization_id, email_address); });
}

absl::StatusOr<std::optional<ClientRecord>> SqliteIdentityStore::FindClient(
    const std::function<absl::StatusOr<FoundClient>(AccountTable&)>& find) {
  auto found = readers_->Read<FoundClient>(
      [&](ReaderPool::Reader& reader) { return find(*reader.accounts); });
  if (!found.ok()) return found.status();
  if (!*found) return std::nullopt;
  return WithFailures(**std::move(found));
}

absl::StatusOr<Page<ClientRecord, Uuid>> SqliteIdentityStore::ListClients(
    const OrganizationId& organization_id, const ClientFilter& filter,
    const std::optional<Uuid>& after, int page_size) {
  using Found = Page<AccountTable::FoundClient, Uuid>;
  auto found = readers_->Read<Found>([&](ReaderPool::Reader& reader) {
    return reader.accounts->List(organization_id, filter, after, page_size);
  });
  if (!found.ok()) return found.status();
  Page<ClientRecord, Uuid> page{.records = {}, .next_after = found->next_after};
  for (AccountTable::FoundClient& client : found->records) {
    auto record = WithFailures(std::move(client));
    if (!record.ok()) return record.status();
    page.records.push_back(*std::move(record));
  }
  return page;
}

absl::StatusOr<ClientRecord> SqliteIdentityStore::WithFailures(AccountTable::FoundClient client) {
  const auto failures = failures_->Failures(client.failure_key);
  if (!failures.ok()) return failures.status();
  client.record.consecutive_failures = *failures;
  return std::move(client.record);
}

absl::StatusOr<std::optional<SignInAccount>> SqliteIdentityStore::FindSignInAccount(
    const OrganizationId& organization_id, const std::string& email_address) {
  return readers_->Read<std::optional<SignInAccount>>([&](ReaderPool::Reader& reader) {
    return reader.accounts->FindSignIn(organization_id, email_address);
  });
}

absl::StatusOr<AttemptAnswer> SqliteIdentityStore::CountAttempt(const FailureKey& key,
                                                                const FailureLimits& limits,
                                                                absl::Time now) {
  return failures_->CountAttempt(key, limits, now);
}

absl::Status SqliteIdentityStore::ForgetFailures(const FailureKey& key) {
  return failures_->ForgetFailures(key);
}

void SqliteIdentityStore::RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                                       const Caller& caller, absl::Time now) {
  committer_->Add(std::make_unique<CallJob<Nothing>>(
      CallJob<Nothing>::Options{organization_id},
      [=](StoreWriter& writer, const BatchSettler::MakeWay&) -> absl::StatusOr<Nothing> {
        absl::Status status =
            store_edits::RecordLocked(*writer.store, organization_id, client_id, caller, now);
        if (!status.ok()) return status;
        return Nothing();
      },
      [](const absl::StatusOr<Nothing>&) {}));
}

absl::Status SqliteIdentityStore::WriteOnly(CallJob<Nothing>::Options options,
                                            std::function<absl::Status(StoreWriter&)> call) {
  return Write<Nothing>(std::move(options),
                        [&call](StoreWriter& writer) -> absl::StatusOr<Nothing> {
                          if (absl::Status status = call(writer); !status.ok()) return status;
                          return Nothing();
                        })
      .status();
}

absl::StatusOr<bool> SqliteIdentityStore::Activate(const Activation& activation) {
  return Write<bool>({activation.organization_id}, [&activation](StoreWriter& writer) {
    return store_edits::Activate(*writer.store, activation);
  });
}

absl::Status SqliteIdentityStore::RecordSignIn(const SignIn& sign_in) {
  return WriteOnly({sign_in.organization_id}, [&sign_in](StoreWriter& writer) {
    return store_edits::RecordSignIn(*writer.store, sign_in);
  });
}

absl::StatusOr<ReissueAnswer> SqliteIdentityStore::ReissuePassword(const Reissue& reissue) {
  return Write<ReissueAnswer>({reissue.organization_id}, [&reissue](StoreWriter& writer) {
    return store_edits::ReissuePassword(*writer.store, reissue);
  });
}

absl::StatusOr<bool> SqliteIdentityStore::EraseClient(const OrganizationId& organization_id,
                                                      const Uuid& client_id, const Caller& caller,
                                                      absl::Time now) {
  return Write<bool>(
      {.organization_id = organization_id, .erases = true}, [&](StoreWriter& writer) {
        return store_edits::EraseClient(*writer.store, organization_id, client_id, caller, now);
      });
}

absl::Status SqliteIdentityStore::BeginRevert(const ImportKey& key, const Caller& caller,
                                              absl::Time now) {
  return WriteOnly({key.organization_id}, [&](StoreWriter& writer) {
    return store_edits::BeginRevert(*writer.store, key, caller, now);
  });
}

absl::StatusOr<RevertAnswer> SqliteIdentityStore::RevertClients(const ImportKey& key,
                                                                std::int64_t after_row,
                                                                int clients_max,
                                                                const Caller& caller,
                                                                absl::Time now) {
  return Write<RevertAnswer>(
      {.organization_id = key.organization_id, .rows = clients_max, .erases = true},
      [&](StoreWriter& writer) {
        return store_edits::RevertClients(*writer.store, key, after_row, clients_max, caller, now);
      });
}

absl::StatusOr<Page<AuditRecord, std::int64_t>> SqliteIdentityStore::ListAudit(std::int64_t after,
                                                                               int page_size) {
  return readers_->Read<Page<AuditRecord, std::int64_t>>(
      [&](ReaderPool::Reader& reader) { return reader.audit->List(after, page_size); });
}

absl::Status SqliteIdentityStore::CheckReady() {
  const auto read = readers_->Read<std::int64_t>([](ReaderPool::Reader& reader) {
    return reader.connection.ReadNumber("SELECT count(*) FROM pragma_user_version");
  });
  return read.status();
}

}  // namespace provisioning
