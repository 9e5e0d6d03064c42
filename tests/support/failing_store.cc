// SPDX-License-Identifier: Apache-2.0
#include "tests/support/failing_store.h"

#include <utility>

namespace provisioning {

void FailingStore::FailCommit(int n, ErrorReason reason, Fate fate) {
  std::lock_guard lock(mutex_);
  commit_ = Plan{n, reason, fate};
}

void FailingStore::FailLookUp(int n, ErrorReason reason) {
  std::lock_guard lock(mutex_);
  look_up_ = Plan{n, reason};
}

void FailingStore::FailClaim(int n, ErrorReason reason) {
  std::lock_guard lock(mutex_);
  claim_ = Plan{n, reason};
}

std::optional<FailingStore::Plan> FailingStore::Next(std::optional<Plan>& plan) {
  std::lock_guard lock(mutex_);
  if (!plan || --plan->countdown > 0) return std::nullopt;
  return std::exchange(plan, std::nullopt);
}

absl::StatusOr<ClaimedImport> FailingStore::ClaimImport(const ImportClaim& claim) {
  if (const auto plan = Next(claim_)) return MakeError(plan->reason, "a planned failure");
  return ForwardingStore::ClaimImport(claim);
}

void FailingStore::Commit(std::shared_ptr<const ImportBatch> batch, CommitDone done) {
  const auto plan = Next(commit_);
  if (!plan) return ForwardingStore::Commit(std::move(batch), std::move(done));
  const auto fail = [reason = plan->reason, done = std::move(done)] {
    done(MakeError(reason, "a planned failure"));
  };
  if (plan->fate == Fate::kNotWritten) return fail();
  ForwardingStore::Commit(std::move(batch), [fail](const absl::StatusOr<BatchAnswer>&) { fail(); });
}

absl::StatusOr<std::vector<std::optional<AccountFacts>>> FailingStore::FindAccounts(
    const OrganizationId& organization_id, std::span<const std::string> email_addresses,
    const std::optional<Uuid>& import_id) {
  if (const auto plan = Next(look_up_)) return MakeError(plan->reason, "a planned failure");
  return ForwardingStore::FindAccounts(organization_id, email_addresses, import_id);
}

}  // namespace provisioning
