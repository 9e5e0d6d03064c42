// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/forwarding_store.h"

namespace provisioning {

// Remembers what is asked of a store, and holds commits up when told. Any
// thread.
class WatchedStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  // Lets go of what it holds.
  ~WatchedStore() override;

  // A row that came with a batch, whatever became of it.
  struct SeenRow {
    std::int64_t row_number = 0;
    std::string phc;  // Empty: it came without a credential.
    bool hashed = false;
    bool generated = false;
  };
  std::vector<SeenRow> TakeRows();
  // Addresses, in the order of their look-ups.
  std::vector<std::string> TakeLookUps();
  // Of the session's last successful claim; 0: none.
  std::int64_t EpochOf(const std::string& session_id) const;

  void HoldCommits();
  // Blocks until a commit is held.
  void WaitForHeldCommit();
  // Passes on what is held, and holds no more.
  void ReleaseCommits();

  absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) override;
  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override;
  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) override;

 private:
  struct HeldCommit {
    std::shared_ptr<const ImportBatch> batch;
    CommitDone done;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SeenRow> rows_;                   // Guarded by mutex_.
  std::vector<std::string> look_ups_;           // Guarded by mutex_.
  std::map<std::string, std::int64_t> epochs_;  // Guarded by mutex_; by session.
  bool holds_ = false;                          // Guarded by mutex_.
  std::vector<HeldCommit> held_;                // Guarded by mutex_.
};

}  // namespace provisioning
