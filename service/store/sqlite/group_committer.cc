// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/group_committer.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

// So long nothing must have come for the log to be worth emptying.
constexpr std::chrono::seconds idle_time(1);
// So long a reader may be in the way when the log is emptied of what was erased,
// and so much later it is tried again, while somebody waits for it: a writer that
// waited for a slow reader would hold everybody up.
constexpr absl::Duration emptying_wait = absl::Milliseconds(20);
constexpr std::chrono::milliseconds emptying_pause(50);
// What a job costs beside its rows, as so many of them.
constexpr int job_overhead_rows = 10;
// Behind a job up to this size no larger one is in the same transaction: who
// imports ten rows does not wait until thousands of others are written with them.
constexpr int small_job_rows = 256;

}  // namespace

absl::StatusOr<StoreWriter> StoreWriter::Prepare(const Connection& connection) {
  auto store = SqliteTransaction::Prepare(connection);
  if (!store.ok()) return store.status();
  auto batches = std::make_unique<BatchSettler>(**store);
  return StoreWriter{*std::move(store), std::move(batches)};
}

absl::StatusOr<std::unique_ptr<GroupCommitter>> GroupCommitter::Start(
    Connection connection, const Options& options, const OrganizationShares& shares,
    StoreHealth& health) {
  auto writer = StoreWriter::Prepare(connection);
  if (!writer.ok()) return writer.status();
  return std::unique_ptr<GroupCommitter>(
      new GroupCommitter(std::move(connection), *std::move(writer), options, shares, health));
}

GroupCommitter::GroupCommitter(Connection connection, StoreWriter writer, const Options& options,
                               const OrganizationShares& shares, StoreHealth& health)
    : connection_(std::move(connection)),
      writer_(std::move(writer)),
      options_(options),
      health_(health),
      jobs_(shares) {
  const auto keep_size = [](void* pages, sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.handle(), keep_size, &wal_pages_);
  thread_ = std::thread([this] { Run(); });
}

GroupCommitter::~GroupCommitter() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (!health_.Check().ok()) connection_.LeaveUncheckpointed();
}

void GroupCommitter::Add(std::unique_ptr<WriteJob> job) {
  {
    std::lock_guard lock(mutex_);
    // What is written beyond that is written while nobody waits for it.
    const double cost =
        job_overhead_rows + std::min(job->rows(), options_.rows_per_transaction_max);
    // Its own name, for the job is moved.
    const std::string organization_id = job->organization_id().value();
    jobs_.Push(organization_id, std::move(job), cost);
  }
  changed_.notify_one();
}

void GroupCommitter::Run() {
  while (WaitForJobs()) {
    Group group = NextGroup();
    const bool idle = group.empty();
    if (!idle) {
      const absl::Status committed = Commit(group);
      Finish(std::move(group), committed);
    }
    if (traces_left_) {
      RemoveTraces();
    } else if (idle || wal_pages_ > options_.wal_pages_max) {
      Checkpoint();
    }
  }
}

// False: all is done and nothing more will come. Returns without a job when it
// is time to checkpoint, or to empty the log.
bool GroupCommitter::WaitForJobs() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return (stopping_ && erased_.empty()) || !jobs_.empty(); };
  if (traces_left_) {
    changed_.wait_until(lock, next_emptying_, ready);
  } else if (wal_pages_ == 0) {
    changed_.wait(lock, ready);
  } else {
    changed_.wait_for(lock, idle_time, ready);
  }
  return !jobs_.empty() || !stopping_ || !erased_.empty();
}

GroupCommitter::Group GroupCommitter::NextGroup() {
  std::lock_guard lock(mutex_);
  Group group;
  std::int64_t rows = 0;
  bool all_small = true;
  while (!jobs_.empty()) {
    const int next_rows = jobs_.Front()->rows();
    const bool small = next_rows <= small_job_rows;
    if (!group.empty() &&
        (rows + next_rows > options_.rows_per_transaction_max || (all_small && !small))) {
      break;
    }
    rows += next_rows;
    all_small = all_small && small;
    group.push_back(jobs_.Pop());
  }
  return group;
}

bool GroupCommitter::OthersWait() {
  std::lock_guard lock(mutex_);
  return !jobs_.empty();
}

absl::Status GroupCommitter::Commit(const Group& group) {
  if (absl::Status broken = health_.Check(); !broken.ok()) return broken;
  const absl::Status status = WriteTransaction(group);
  if (status.ok()) return status;
  health_.Note(status);
  // SQLite has rolled back by itself after some errors, and not after others.
  if (connection_.in_transaction()) health_.Note(connection_.Execute("ROLLBACK"));
  // What fills the disk may be the log itself.
  if (IsDiskFull(status)) Checkpoint();
  return status;
}

absl::Status GroupCommitter::WriteTransaction(const Group& group) {
  absl::Status status = connection_.Execute("BEGIN IMMEDIATE");
  for (const auto& job : group) {
    if (!status.ok()) return status;
    status = job->Apply(writer_, [this](int rows) {
      return rows >= options_.rows_per_transaction_max && OthersWait();
    });
  }
  return status.ok() ? connection_.Execute("COMMIT") : status;
}

void GroupCommitter::Finish(Group group, const absl::Status& committed) {
  const Time now = std::chrono::steady_clock::now();
  for (auto& job : group) {
    if (!committed.ok() || !job->erases()) {
      job->Finish(committed);
      continue;
    }
    if (!traces_left_) next_emptying_ = now;
    traces_left_ = true;
    erased_.push_back({std::move(job), now + absl::ToChronoNanoseconds(options_.erasure_time_max)});
  }
}

absl::Status GroupCommitter::EmptyLog() {
  if (absl::Status broken = health_.Check(); !broken.ok()) return broken;
  connection_.SetBusyTimeout(emptying_wait);
  const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr,
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  connection_.SetBusyTimeout(options_.busy_timeout);
  if (code == SQLITE_OK) {
    wal_pages_ = 0;
    return absl::OkStatus();
  }
  const absl::Status error = SqliteError(code, "emptying the log of what was erased");
  health_.Note(error);
  return error;
}

void GroupCommitter::RemoveTraces() {
  if (std::chrono::steady_clock::now() < next_emptying_) return;
  const absl::Status emptied = EmptyLog();
  const absl::Status broken = health_.Check();
  traces_left_ = !emptied.ok() && broken.ok();
  const Time now = std::chrono::steady_clock::now();
  std::vector<ErasedJob> waiting;
  for (ErasedJob& erased : erased_) {
    if (emptied.ok() || !broken.ok()) {
      erased.job->Finish(emptied.ok() ? emptied : broken);
    } else if (now >= erased.deadline) {
      erased.job->Finish(MakeError(
          ErrorReason::kStoreUnavailable,
          absl::StrCat("erased, but its traces are not yet overwritten: ", emptied.message())));
    } else {
      waiting.push_back(std::move(erased));
    }
  }
  erased_ = std::move(waiting);
  next_emptying_ = now + (erased_.empty() ? idle_time : emptying_pause);
}

void GroupCommitter::Checkpoint() {
  wal_pages_ = 0;
  if (!health_.Check().ok()) return;
  const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // A reader that is in the way, or a full disk, leaves the rest for later.
  if (code != SQLITE_OK) health_.Note(SqliteError(code, "checkpointing"));
}

}  // namespace provisioning
