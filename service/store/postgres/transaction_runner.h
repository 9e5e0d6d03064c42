// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/store/postgres/connection_pool.h"
#include "service/store/postgres/outage.h"
#include "service/store/postgres/postgres_transaction.h"

namespace provisioning {

// Gets a transaction through whatever happens to the database: does it again, as
// a whole, after a deadlock or on a new connection, and finds out what became of a
// COMMIT that was not answered. Any thread; blocks.
class TransactionRunner {
 public:
  struct Options {
    // The server's silence after which a connection counts as lost. Longer than the
    // statement_timeout of a session (sql_connection.cc).
    absl::Duration answer_timeout = absl::Seconds(10);
    // After the first failure it is tried again for so long.
    absl::Duration recovery_timeout = absl::Seconds(10);
  };
  // Writes nothing but through the transaction, and may be called several times.
  // An error that is no failure of the database is an answer: rolled back, and
  // returned.
  using Work = std::function<absl::Status(PostgresTransaction&)>;
  // Whether the last Work is committed, from what the store holds. What it reads
  // it must lock, for the lost session may still be committing; and its own
  // transaction is committed, so that where commits wait for a standby, what it
  // saw is there as well.
  using WasCommitted = std::function<absl::StatusOr<bool>(PostgresTransaction&)>;

  // Both outlive it.
  TransactionRunner(ConnectionPool& pool, Outage& outage, const Options& options)
      : pool_(pool), outage_(outage), options_(options) {}

  // kStoreUnavailable: not within the time, or (after `was_committed` failed too)
  // nobody knows; at once, if the database has just been found to be away. The
  // sentence is for callers: what the database said is in the outage's.
  absl::Status Run(const Work& work, const WasCommitted& was_committed) const;
  // Of something that may be done twice.
  absl::Status RunRepeatable(const Work& work) const;
  // Of something that must not, and of which nobody can see whether it was:
  // kStoreUnavailable if COMMIT was not answered.
  absl::Status RunOnce(const Work& work) const;
  // One statement that may be done twice, in a transaction of its own.
  absl::StatusOr<SqlResult> RunStatement(const SqlStatement& statement) const;

 private:
  enum class End { kDone, kAgain, kInDoubt };
  struct Attempt {
    End end;
    absl::Status status;  // Of kDone: the answer.
  };
  class Patience;

  // Not OK: the database has just been found to be away.
  absl::StatusOr<Patience> Begin() const;
  Attempt Try(const Work& work) const;
  absl::StatusOr<SqlResult> TryStatement(const SqlStatement& statement) const;
  // kAgain: it is not committed.
  Attempt Settle(const WasCommitted& was_committed) const;
  Attempt FailureOf(absl::Status status) const;
  // It was tried for long enough.
  absl::Status GiveUp(const absl::Status& why) const;
  // What a caller is told.
  static absl::Status ForCallers(const absl::Status& why);

  ConnectionPool& pool_;
  Outage& outage_;
  const Options options_;
};

}  // namespace provisioning
