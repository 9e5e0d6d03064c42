// SPDX-License-Identifier: Apache-2.0
#include "service/store/postgres/connection_pool.h"

#include <utility>

#include "service/store/postgres/sql_error.h"

namespace provisioning {

absl::StatusOr<ConnectionPool::Lease> ConnectionPool::Acquire(absl::Time deadline) {
  {
    std::unique_lock lock(mutex_);
    const bool free = changed_.wait_until(lock, absl::ToChronoTime(deadline), [this] {
      return !idle_.empty() || open_ < options_.connections_max;
    });
    if (!free) {
      return SqlError("53300", "all connections to the database are busy");
    }
    if (!idle_.empty()) {
      Lease lease(*this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
    ++open_;
  }
  auto connection = SqlConnection::Open(options_.url, options_.connect_timeout);
  if (connection.ok()) return Lease(*this, *std::move(connection));
  std::lock_guard lock(mutex_);
  --open_;
  changed_.notify_one();
  return connection.status();
}

void ConnectionPool::GiveBack(SqlConnection connection) {
  // The others go to the same server, and are closed without the lock.
  std::vector<SqlConnection> suspects;
  {
    std::lock_guard lock(mutex_);
    if (connection.lost()) {
      suspects.swap(idle_);
      open_ -= 1 + static_cast<int>(suspects.size());
    } else if (!connection.reusable()) {
      --open_;
    } else {
      idle_.push_back(std::move(connection));
    }
  }
  changed_.notify_all();
}

}  // namespace provisioning
