// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/client_account.h"
#include "service/store/postgres/transaction_runner.h"

namespace provisioning {

// The counts of consecutive wrong passwords: the table `failure`. Any thread.
class FailureTable {
 public:
  // `runner` outlives it. `secret`: see StoredFailureKey.
  FailureTable(const TransactionRunner& runner, std::string secret)
      : runner_(runner), secret_(std::move(secret)) {}

  // As the methods of IdentityStore. A count whose answer was lost is counted
  // again: there are never more evaluations than failures.
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now) const;
  absl::Status ForgetFailures(const FailureKey& key) const;
  // The counts of clients of one organization, in the order of their keys.
  absl::StatusOr<std::vector<int>> Failures(std::span<const FailureKey> keys) const;

 private:
  const TransactionRunner& runner_;
  const std::string secret_;
};

}  // namespace provisioning
