// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/transaction_runner.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "service/model/error.h"
#include "service/store/postgres/sql_error.h"

namespace provisioning {
namespace {

constexpr absl::Duration first_wait = absl::Milliseconds(5);
constexpr absl::Duration wait_max = absl::Milliseconds(500);

// From half of it to one and a half: two that were in each other's way part.
absl::Duration WithJitter(absl::Duration wait) {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return wait * std::uniform_real_distribution<double>(0.5, 1.5)(engine);
}

}  // namespace

// How long it is tried again, from the first failure on.
class TransactionRunner::Patience {
 public:
  explicit Patience(absl::Duration timeout) : timeout_(timeout) {}

  // Waits before the next attempt. False: the time is over.
  bool Wait() {
    const absl::Time now = absl::Now();
    if (end_ == absl::InfiniteFuture()) end_ = now + timeout_;
    if (now >= end_) return false;
    std::this_thread::sleep_for(absl::ToChronoMicroseconds(WithJitter(wait_)));
    wait_ = std::min(2 * wait_, wait_max);
    return true;
  }

 private:
  absl::Duration timeout_;
  absl::Time end_ = absl::InfiniteFuture();
  absl::Duration wait_ = first_wait;
};

absl::StatusOr<TransactionRunner::Patience> TransactionRunner::Begin() const {
  if (absl::Status away = outage_.Check(); !away.ok()) return ForCallers(away);
  return Patience(outage_.away() ? absl::ZeroDuration() : options_.recovery_timeout);
}

absl::Status TransactionRunner::Run(const Work& work, const WasCommitted& was_committed) const {
  auto patience = Begin();
  if (!patience.ok()) return patience.status();
  bool in_doubt = false;
  while (true) {
    const Attempt attempt = in_doubt ? Settle(was_committed) : Try(work);
    if (attempt.end == End::kDone) return attempt.status;
    const bool is_settled = in_doubt && attempt.end == End::kAgain;
    in_doubt = attempt.end == End::kInDoubt;
    if (!is_settled && !patience->Wait()) return GiveUp(attempt.status);
  }
}

absl::Status TransactionRunner::GiveUp(const absl::Status& why) const {
  FaultOf(why) == SqlFault::kLost ? outage_.Begin(why) : outage_.Note(why);
  return ForCallers(why);
}

absl::Status TransactionRunner::ForCallers(const absl::Status& why) {
  return MakeError(
      ErrorReason::kStoreUnavailable,
      FaultOf(why) == SqlFault::kLost
          ? "the database is away; try again in a while"
          : "the database could not do it now, mostly because of others; try again in a while");
}

absl::Status TransactionRunner::RunRepeatable(const Work& work) const {
  return Run(work, [](PostgresTransaction&) -> absl::StatusOr<bool> { return false; });
}

absl::Status TransactionRunner::RunOnce(const Work& work) const {
  return Run(work, [](PostgresTransaction&) -> absl::StatusOr<bool> {
    return MakeError(ErrorReason::kStoreUnavailable,
                     "the database did not answer: it is not known whether this was done");
  });
}

TransactionRunner::Attempt TransactionRunner::Try(const Work& work) const {
  auto lease = pool_.Acquire(absl::Now() + options_.answer_timeout);
  if (!lease.ok()) return FailureOf(lease.status());
  PostgresTransaction transaction(**lease, options_.answer_timeout);
  absl::Status status = work(transaction);
  if (!status.ok()) {
    transaction.Rollback();
    return FailureOf(std::move(status));
  }
  status = transaction.Commit();
  if (status.ok()) {
    outage_.End();
    return {End::kDone, absl::OkStatus()};
  }
  if (transaction.in_doubt()) return {End::kInDoubt, std::move(status)};
  transaction.Rollback();
  return FailureOf(std::move(status));
}

TransactionRunner::Attempt TransactionRunner::Settle(const WasCommitted& was_committed) const {
  // Whatever the database says meanwhile, it says nothing about the COMMIT before.
  const auto unsettled = [](const absl::Status& status) {
    return Attempt{FaultOf(status) == SqlFault::kNone ? End::kDone : End::kInDoubt, status};
  };
  auto lease = pool_.Acquire(absl::Now() + options_.answer_timeout);
  if (!lease.ok()) return unsettled(lease.status());
  PostgresTransaction transaction(**lease, options_.answer_timeout);
  const auto committed = was_committed(transaction);
  if (!committed.ok()) {
    transaction.Rollback();
    return unsettled(committed.status());
  }
  if (absl::Status status = transaction.Commit(); !status.ok()) return unsettled(status);
  return {*committed ? End::kDone : End::kAgain, absl::OkStatus()};
}

TransactionRunner::Attempt TransactionRunner::FailureOf(absl::Status status) const {
  switch (FaultOf(status)) {
    case SqlFault::kNone:
      return {End::kDone, std::move(status)};
    case SqlFault::kTransient:
    case SqlFault::kLost:
      return {End::kAgain, std::move(status)};
    case SqlFault::kOther:
      break;
  }
  // What the database says of it may quote what it was given.
  outage_.Note(status);
  const ErrorReason reason = ReasonOf(status).value_or(ErrorReason::kStoreUnavailable);
  return {End::kDone,
          MakeError(reason, reason == ErrorReason::kDiskFull ? "the database has no room"
                                                             : "the database refused a statement")};
}

absl::StatusOr<SqlResult> TransactionRunner::RunStatement(const SqlStatement& statement) const {
  auto patience = Begin();
  if (!patience.ok()) return patience.status();
  while (true) {
    auto result = TryStatement(statement);
    if (result.ok()) {
      outage_.End();
      return result;
    }
    const Attempt attempt = FailureOf(result.status());
    if (attempt.end == End::kDone) return attempt.status;
    if (!patience->Wait()) return GiveUp(attempt.status);
  }
}

absl::StatusOr<SqlResult> TransactionRunner::TryStatement(const SqlStatement& statement) const {
  auto lease = pool_.Acquire(absl::Now() + options_.answer_timeout);
  if (!lease.ok()) return lease.status();
  return (*lease)->Run(statement, options_.answer_timeout);
}

}  // namespace provisioning
