// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/store/client_account.h"
#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/statement.h"
#include "service/store/sqlite/store_health.h"

namespace provisioning {

// Counts wrong passwords, in a database of its own (PATH.failures): every sign-in
// writes here, and must not wait until an import's thousands of rows are written,
// nor can whoever guesses passwords hold an import up. A count survives a killed
// process; synchronous=NORMAL, so the newest ones may be lost with the power. It
// names nobody. It keeps the secret of StoredFailureKey, too. Any thread; a call takes some
// microseconds, and the sync of a checkpoint now and then.
class FailureFile {
 public:
  // Makes the file, readable by its owner alone, if there is none. To be called
  // under the database's lock. `health` outlives it.
  static absl::StatusOr<std::unique_ptr<FailureFile>> Open(const std::string& path,
                                                           const std::string& vfs_name,
                                                           StoreHealth& health);

  // As IdentityStore's methods.
  absl::StatusOr<AttemptAnswer> CountAttempt(const FailureKey& key, const FailureLimits& limits,
                                             absl::Time now);
  absl::Status ForgetFailures(const FailureKey& key);
  // 0: there is no count of that generation.
  absl::StatusOr<int> Failures(const FailureKey& key);

 private:
  struct Statements {
    Statement count, read, forget;
  };
  struct Count {
    std::int64_t failures = 0;
    absl::Time last_time = absl::InfinitePast();
  };
  FailureFile(Connection connection, Statements statements, std::string secret, StoreHealth& health)
      : connection_(std::move(connection)),
        statements_(std::move(statements)),
        secret_(std::move(secret)),
        health_(health) {}

  absl::StatusOr<Count> ReadLocked(const FailureKey& stored_key);
  absl::Status Noted(absl::Status status) const;

  std::mutex mutex_;
  Connection connection_;  // These two are guarded by mutex_.
  Statements statements_;
  const std::string secret_;
  StoreHealth& health_;
};

}  // namespace provisioning
