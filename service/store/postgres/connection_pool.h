// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/store/postgres/sql_connection.h"

namespace provisioning {

// At most so many sessions with the server. Any thread.
class ConnectionPool {
 public:
  struct Options {
    std::string url;
    int connections_max = 8;  // From 1.
    absl::Duration connect_timeout = absl::Seconds(3);
  };

  // A session for one user at a time; a lost one is not given to the next.
  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {
      other.connection_.reset();
    }
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_.GiveBack(*std::move(connection_));
    }
    SqlConnection& operator*() { return *connection_; }
    SqlConnection* operator->() { return &*connection_; }

   private:
    friend class ConnectionPool;
    Lease(ConnectionPool& pool, SqlConnection connection)
        : pool_(pool), connection_(std::move(connection)) {}

    ConnectionPool& pool_;
    std::optional<SqlConnection> connection_;
  };

  explicit ConnectionPool(const Options& options) : options_(options) {}
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // Waits until `deadline` for one that is free, and connects if there may be one
  // more. SQLSTATE 53300: none became free.
  absl::StatusOr<Lease> Acquire(absl::Time deadline);

 private:
  void GiveBack(SqlConnection connection);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SqlConnection> idle_;  // Guarded by mutex_; the last one used is taken first.
  int open_ = 0;                     // Guarded by mutex_; the idle ones included.
};

}  // namespace provisioning
