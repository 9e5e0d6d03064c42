// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/twin_store.h"

#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "service/model/error.h"

namespace provisioning {
namespace {

using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

Statement Prepare(sqlite3* database, const char* sql, const ImportKey& key) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK) std::abort();
  sqlite3_bind_text(statement, 1, key.organization_id.value().c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_blob(statement, 2, key.import_id.bytes().data(), Uuid::size, SQLITE_TRANSIENT);
  return {statement, &sqlite3_finalize};
}

}  // namespace

SeparateSettledRowStore::SeparateSettledRowStore(IdentityStore& store, const std::string& path)
    : ForwardingStore(store), database_(nullptr, &sqlite3_close) {
  sqlite3* database = nullptr;
  if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) std::abort();
  database_.reset(database);
  sqlite3_exec(database, "PRAGMA wal_autocheckpoint=0", nullptr, nullptr, nullptr);
  sqlite3_busy_timeout(database, 10'000);
}

void SeparateSettledRowStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  const ImportKey key = batch->key;
  const std::int64_t before = SettledRow(key);
  ForwardingStore::Commit(std::move(batch), [this, key, before, done = std::move(done)](
                                                absl::StatusOr<BatchAnswer> answer) {
    const std::int64_t after = SettledRow(key);
    if (after > before) {
      SetSettledRow(key, before);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      SetSettledRow(key, after);
    }
    done(std::move(answer));
  });
}

std::int64_t SeparateSettledRowStore::SettledRow(const ImportKey& key) {
  const auto record = GetImport(key);
  return record.ok() && *record ? (*record)->settled_through_row : 0;
}

void SeparateSettledRowStore::SetSettledRow(const ImportKey& key, std::int64_t row) {
  const Statement statement = Prepare(database_.get(),
                                      "UPDATE import SET settled_through_row = ?3 WHERE "
                                      "organization_id = ?1 AND import_id = ?2",
                                      key);
  sqlite3_bind_int64(statement.get(), 3, row);
  if (sqlite3_step(statement.get()) != SQLITE_DONE) std::abort();
}

absl::StatusOr<ClaimedImport> FirstHolderStore::ClaimImport(const ImportClaim& claim) {
  {
    const std::lock_guard lock(mutex_);
    if (!held_.insert(claim.key.import_id.ToString()).second) {
      return MakeError(ErrorReason::kStoreUnavailable, "another stream has this import");
    }
  }
  return ForwardingStore::ClaimImport(claim);
}

void GuessingStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  ForwardingStore::Commit(
      batch, [batch, done = std::move(done)](absl::StatusOr<BatchAnswer> answer) {
        if (answer.ok() || ReasonOf(answer.status()) != ErrorReason::kStoreUnavailable) {
          return done(std::move(answer));
        }
        BatchAnswer guess;
        for (const PreparedRow& row : batch->rows) {
          RowAnswer created;
          if (row.row.accepted()) created.outcome = RowOutcome::kCreated;
          created.credential_set = row.credential.has_value();
          guess.answers.push_back(created);
        }
        done(std::move(guess));
      });
}

}  // namespace provisioning
