// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/batch_committer.h"

#include <algorithm>
#include <utility>

#include "service/model/error.h"
#include "service/store/postgres/batch_settlement.h"
#include "service/store/postgres/sql_error.h"
#include "service/store/store_edits.h"

namespace provisioning {
namespace {

// What a transaction costs beside its rows, as so many of them.
constexpr double overhead_rows = 50;
// A transaction that has to be done again has half of the rows, but not fewer.
constexpr std::size_t retried_rows_min = 1'024;

// The first client that the batch has made; nil: it has made none.
Uuid FirstCreated(const BatchAnswer& answer) {
  const auto created = std::ranges::find_if(answer.answers, [](const RowAnswer& row) {
    return row.outcome == RowOutcome::kCreated && !row.replayed;
  });
  return created == answer.answers.end() ? Uuid() : created->client_id;
}

}  // namespace

BatchCommitter::BatchCommitter(const TransactionRunner& runner, const Options& options,
                               const OrganizationShares& shares)
    : runner_(runner), options_(options), jobs_(shares) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Run(); });
}

BatchCommitter::~BatchCommitter() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BatchCommitter::Commit(std::shared_ptr<const ImportBatch> batch,
                            IdentityStore::CommitDone done) {
  const ImportBatch& content = *batch;
  Add(content.key.organization_id, content.rows.size(),
      [this, batch = std::move(batch), done = std::move(done)] { done(Settle(*batch)); });
}

void BatchCommitter::RecordLocked(const OrganizationId& organization_id, const Uuid& client_id,
                                  const Caller& caller, absl::Time now) {
  Add(organization_id, 1, [this, organization_id, client_id, caller, now] {
    (void)runner_.RunOnce([&](PostgresTransaction& transaction) {
      return store_edits::RecordLocked(transaction, organization_id, client_id, caller, now);
    });
  });
}

void BatchCommitter::Add(const OrganizationId& organization_id, std::size_t rows, Job job) {
  {
    std::lock_guard lock(mutex_);
    // What is written beyond that is written while nobody waits for it.
    const auto shared_rows =
        std::min(rows, static_cast<std::size_t>(options_.rows_per_transaction_max));
    jobs_.Push(organization_id.value(), std::move(job),
               overhead_rows + static_cast<double>(shared_rows));
  }
  changed_.notify_one();
}

void BatchCommitter::Run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = jobs_.Pop();
    }
    job();
  }
}

bool BatchCommitter::OthersWait() {
  std::lock_guard lock(mutex_);
  return !jobs_.empty();
}

std::vector<Uuid> BatchCommitter::NewClientIds(const ImportBatch& batch) {
  std::vector<Uuid> ids;
  ids.reserve(batch.rows.size());
  // Not the queue's: nobody who commits waits for it.
  std::lock_guard lock(ids_mutex_);
  for (std::size_t i = 0; i < batch.rows.size(); ++i) ids.push_back(client_ids_.Next(batch.now));
  return ids;
}

absl::StatusOr<BatchAnswer> BatchCommitter::Settle(const ImportBatch& batch) {
  const std::vector<Uuid> client_ids = NewClientIds(batch);
  BatchSettlement::Limit limit{batch.rows.size(), BatchStop::kNone};
  const auto shared_rows = static_cast<std::size_t>(options_.rows_per_transaction_max);
  if (batch.rows.size() > shared_rows && OthersWait()) {
    limit = {shared_rows, BatchStop::kMadeWay};
  }
  BatchAnswer answer;
  int attempts = 0;
  std::int64_t settled_before = 0;
  std::int64_t settled_through_row = 0;
  const auto settle = [&](PostgresTransaction& transaction) {
    // What was too much for the time that a statement has.
    if (++attempts > 1 && limit.rows_max > retried_rows_min) {
      limit = {std::max(limit.rows_max / 2, retried_rows_min), BatchStop::kMadeWay};
    }
    BatchSettlement settlement(transaction, batch, client_ids, limit);
    if (absl::Status status = settlement.Run(); !status.ok()) return status;
    if (settlement.rows_to_settle()) {
      limit = {*settlement.rows_to_settle(), BatchStop::kNeedsCredential};
      return SqlError("40001", "a row needs a credential that was not made ready");
    }
    settled_before = settlement.settled_before();
    settled_through_row = settlement.settled_through_row();
    answer = settlement.TakeAnswer();
    return absl::OkStatus();
  };
  // A batch that settled nothing new sets again what it set.
  const auto was_committed = [&](PostgresTransaction& transaction) -> absl::StatusOr<bool> {
    const auto record = transaction.FindImport(batch.key);
    if (!record.ok()) return record.status();
    if (!*record || (*record)->stream_count != batch.epoch) {
      return MakeError(
          ErrorReason::kTakenOver,
          "another stream has taken the import over while the database did not answer");
    }
    if (settled_through_row == settled_before ||
        (*record)->settled_through_row != settled_through_row) {
      return false;
    }
    // Behind a failover that lost a claim, another stream may have the same epoch.
    const Uuid created = FirstCreated(answer);
    if (created.is_nil()) return true;
    const auto found = transaction.FindClient(batch.key.organization_id, created);
    if (!found.ok()) return found.status();
    return found->has_value();
  };
  if (absl::Status status = runner_.Run(settle, was_committed); !status.ok()) return status;
  return answer;
}

}  // namespace provisioning
