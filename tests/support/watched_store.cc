// SPDX-License-Identifier: Apache-2.0
#include "tests/support/watched_store.h"

#include <utility>

namespace provisioning {

WatchedStore::~WatchedStore() { ReleaseCommits(); }

std::vector<WatchedStore::SeenRow> WatchedStore::TakeRows() {
  std::lock_guard lock(mutex_);
  return std::exchange(rows_, {});
}

std::vector<std::string> WatchedStore::TakeLookUps() {
  std::lock_guard lock(mutex_);
  return std::exchange(look_ups_, {});
}

std::int64_t WatchedStore::EpochOf(const std::string& session_id) const {
  std::lock_guard lock(mutex_);
  const auto epoch = epochs_.find(session_id);
  return epoch == epochs_.end() ? 0 : epoch->second;
}

void WatchedStore::HoldCommits() {
  std::lock_guard lock(mutex_);
  holds_ = true;
}

void WatchedStore::WaitForHeldCommit() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !held_.empty(); });
}

void WatchedStore::ReleaseCommits() {
  std::vector<HeldCommit> held;
  {
    std::lock_guard lock(mutex_);
    holds_ = false;
    held = std::exchange(held_, {});
  }
  for (HeldCommit& commit : held) store_.Commit(std::move(commit.batch), std::move(commit.done));
}

absl::StatusOr<ClaimedImport> WatchedStore::ClaimImport(const ImportClaim& claim) {
  auto claimed = store_.ClaimImport(claim);
  if (claimed.ok()) {
    std::lock_guard lock(mutex_);
    epochs_[claim.session_id] = claimed->epoch;
  }
  return claimed;
}

void WatchedStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  {
    std::lock_guard lock(mutex_);
    for (const PreparedRow& row : batch->rows) {
      SeenRow seen;
      seen.row_number = row.row.row_number();
      if (row.credential) {
        seen.phc = row.credential->phc();
        seen.generated = row.credential->generated();
        seen.hashed = row.credential->kind() == CredentialKind::kGiven;
      }
      rows_.push_back(std::move(seen));
    }
    if (holds_) {
      held_.push_back({std::move(batch), std::move(done)});
      changed_.notify_all();
      return;
    }
  }
  store_.Commit(std::move(batch), std::move(done));
}

absl::StatusOr<std::vector<std::optional<AccountFacts>>> WatchedStore::FindAccounts(
    const OrganizationId& organization_id, std::span<const std::string> email_addresses,
    const std::optional<Uuid>& import_id) {
  {
    std::lock_guard lock(mutex_);
    look_ups_.insert(look_ups_.end(), email_addresses.begin(), email_addresses.end());
  }
  return store_.FindAccounts(organization_id, email_addresses, import_id);
}

}  // namespace provisioning
