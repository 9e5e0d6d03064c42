// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/sqlite_identity_store.h"

#include <sqlite3.h>

#include <future>
#include <utility>

#include "service/model/error.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/schema.h"

namespace provisioning {
namespace {

// An answer about one import, as opposed to a failure of the store.
bool IsAnswer(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  return reason == ErrorReason::kTakenOver || reason == ErrorReason::kOptionsDiffer ||
         reason == ErrorReason::kStoreBehind;
}

// Work of a BatchSettler that gives a Result, for `done`.
template <typename Result>
class SettlingJob : public WriteJob {
 public:
  absl::Status Apply(BatchSettler& settler, const BatchSettler::MakeWay& make_way) final {
    result_ = Settle(settler, make_way);
    return result_.ok() || IsAnswer(result_.status()) ? absl::OkStatus() : result_.status();
  }
  void Finish(const absl::Status& committed) final {
    // What was read in a transaction that failed is no answer either.
    Answer(committed.ok() ? std::move(result_) : absl::StatusOr<Result>(SeparateCopy(committed)));
  }

 protected:
  virtual absl::StatusOr<Result> Settle(BatchSettler& settler,
                                        const BatchSettler::MakeWay& make_way) = 0;
  virtual void Answer(absl::StatusOr<Result> result) = 0;

 private:
  absl::StatusOr<Result> result_;
};

class BatchJob final : public SettlingJob<BatchAnswer> {
 public:
  BatchJob(std::shared_ptr<const ImportBatch> batch, IdentityStore::CommitDone done)
      : batch_(std::move(batch)), done_(std::move(done)) {}
  const OrganizationId& organization_id() const override { return batch_->key.organization_id; }
  int rows() const override { return static_cast<int>(batch_->rows.size()); }

 private:
  absl::StatusOr<BatchAnswer> Settle(BatchSettler& settler,
                                     const BatchSettler::MakeWay& make_way) override {
    return settler.Settle(*batch_, make_way);
  }
  void Answer(absl::StatusOr<BatchAnswer> result) override { done_(std::move(result)); }

  const std::shared_ptr<const ImportBatch> batch_;
  const IdentityStore::CommitDone done_;
};

class ClaimJob final : public SettlingJob<ClaimedImport> {
 public:
  explicit ClaimJob(const ImportClaim& claim) : claim_(claim) {}
  const OrganizationId& organization_id() const override { return claim_.key.organization_id; }
  int rows() const override { return 1; }
  std::future<absl::StatusOr<ClaimedImport>> claimed() { return claimed_.get_future(); }

 private:
  absl::StatusOr<ClaimedImport> Settle(BatchSettler& settler,
                                       const BatchSettler::MakeWay& /*make_way*/) override {
    return settler.Claim(claim_);
  }
  void Answer(absl::StatusOr<ClaimedImport> result) override {
    claimed_.set_value(std::move(result));
  }

  const ImportClaim claim_;
  std::promise<absl::StatusOr<ClaimedImport>> claimed_;
};

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
                                         {options.rows_per_transaction_max, options.wal_pages_max},
                                         store->shares_, store->health_);
  if (!committer.ok()) return committer.status();
  store->committer_ = *std::move(committer);
  auto readers = ReaderPool::Open(options.path, options.vfs_name, options.readers,
                                  options.reader_cache_kib, store->health_);
  if (!readers.ok()) return readers.status();
  store->readers_ = *std::move(readers);
  return store;
}

SqliteIdentityStore::SqliteIdentityStore(DatabaseLock lock, const SqliteOptions& options)
    : lock_(std::move(lock)), shares_(options.shares), health_(options.on_broken) {}

absl::StatusOr<ClaimedImport> SqliteIdentityStore::ClaimImport(const ImportClaim& claim) {
  auto job = std::make_unique<ClaimJob>(claim);
  auto claimed = job->claimed();
  committer_->Add(std::move(job));
  return claimed.get();
}

void SqliteIdentityStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  committer_->Add(std::make_unique<BatchJob>(std::move(batch), std::move(done)));
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
  return readers_->Read<std::optional<ClientRecord>>(
      [&](ReaderPool::Reader& reader) { return reader.accounts->Get(organization_id, client_id); });
}

absl::StatusOr<std::optional<ClientRecord>> SqliteIdentityStore::GetClientByEmail(
    const OrganizationId& organization_id, const std::string& email_address) {
  return readers_->Read<std::optional<ClientRecord>>([&](ReaderPool::Reader& reader) {
    return reader.accounts->GetByEmail(organization_id, email_address);
  });
}

absl::StatusOr<Page<ClientRecord, Uuid>> SqliteIdentityStore::ListClients(
    const OrganizationId& organization_id, const ClientFilter& filter,
    const std::optional<Uuid>& after, int page_size) {
  return readers_->Read<Page<ClientRecord, Uuid>>([&](ReaderPool::Reader& reader) {
    return reader.accounts->List(organization_id, filter, after, page_size);
  });
}

absl::Status SqliteIdentityStore::CheckReady() {
  const auto read = readers_->Read<std::int64_t>([](ReaderPool::Reader& reader) {
    return reader.connection.ReadNumber("SELECT count(*) FROM pragma_user_version");
  });
  return read.status();
}

}  // namespace provisioning
