// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "service/store/identity_store.h"
#include "sqlite3.h"
#include "tests/support/forwarding_store.h"

namespace provisioning {

// A broken twin: a store whose settled row moves in a transaction of its own,
// some milliseconds after the one that has the rows. Killed in between, it has
// rows that it does not know to be settled.
class SeparateSettledRowStore final : public ForwardingStore {
 public:
  // `path`: of the database that `store` is on.
  SeparateSettledRowStore(IdentityStore& store, const std::string& path);

  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override;

 private:
  std::int64_t SettledRow(const ImportKey& key);
  void SetSettledRow(const ImportKey& key, std::int64_t row);

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;  // Used by the store's one writer thread.
};

// A broken twin: a store that lets no newer stream take an import over.
class FirstHolderStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) override;

 private:
  std::mutex mutex_;
  std::set<std::string> held_;  // Import ids. Guarded by mutex_.
};

// A broken twin: a store that takes a batch for settled when it does not know.
class GuessingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override;
};

}  // namespace provisioning
