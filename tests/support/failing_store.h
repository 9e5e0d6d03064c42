// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>

#include "service/model/error.h"
#include "tests/support/forwarding_store.h"

namespace provisioning {

// Fails when told. Counts are from the moment of the telling, 1 is the next
// call; one failure of a kind is planned at a time. Any thread.
class FailingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  // What became of a batch whose commit failed.
  enum class Fate { kNotWritten, kWritten };

  void FailCommit(int n, ErrorReason reason, Fate fate);
  void FailLookUp(int n, ErrorReason reason);
  void FailClaim(int n, ErrorReason reason);

  absl::StatusOr<ClaimedImport> ClaimImport(const ImportClaim& claim) override;
  void Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) override;
  absl::StatusOr<std::vector<std::optional<AccountFacts>>> FindAccounts(
      const OrganizationId& organization_id, std::span<const std::string> email_addresses,
      const std::optional<Uuid>& import_id) override;

 private:
  struct Plan {
    int countdown = 0;
    ErrorReason reason = ErrorReason::kStoreUnavailable;
    Fate fate = Fate::kNotWritten;
  };
  // The plan, if this call is the one to fail.
  std::optional<Plan> Next(std::optional<Plan>& plan);

  std::mutex mutex_;
  std::optional<Plan> commit_;   // Guarded by mutex_.
  std::optional<Plan> look_up_;  // Guarded by mutex_.
  std::optional<Plan> claim_;    // Guarded by mutex_.
};

}  // namespace provisioning
