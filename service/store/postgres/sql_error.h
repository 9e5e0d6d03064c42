// SPDX-License-Identifier: Apache-2.0
// What a failure of the database means for a transaction.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace provisioning {

enum class SqlFault {
  kNone,       // It is no failure of the database.
  kTransient,  // The transaction was rolled back, and may succeed when it is done again.
  kLost,       // The connection is of no use any more. What was not committed is not there.
  kOther,      // Doing it again would not help.
};

// Five characters of the SQL standard, appendix A of PostgreSQL's manual; empty:
// the connection was lost, or gave no answer in time. `message` names no values.
// kStoreUnavailable, or kDiskFull.
absl::Status SqlError(std::string_view sqlstate, std::string_view message);

// What a failed COPY came back with: Citus has two codes of its own for all that may
// happen on a worker, and most of it passes.
absl::Status AsCopyError(absl::Status status);

SqlFault FaultOf(const absl::Status& status);
// After this answer to COMMIT the transaction may be committed, or not.
bool IsInDoubt(const absl::Status& commit_error);

}  // namespace provisioning
