// SPDX-License-Identifier: Apache-2.0
// The database as a file: who may open it, and whose it is.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace provisioning {

// Keeps every other server away from a database, as long as it lives: an
// exclusive lock on PATH.lock, which goes with the process however that ends.
class DatabaseLock {
 public:
  // Makes PATH.lock. Fails if somebody holds it.
  static absl::StatusOr<DatabaseLock> Take(const std::string& database_path);

  DatabaseLock(DatabaseLock&& other) noexcept;
  DatabaseLock& operator=(DatabaseLock&&) = delete;
  ~DatabaseLock();

 private:
  explicit DatabaseLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

// Makes the database if there is none (or an empty file), readable by its owner
// alone; refuses, and leaves alone, what is not a database of this service. To be
// called under the lock, before the file is opened: closing a descriptor would
// drop the locks of SQLite.
//
// It appears under its name only when it is whole: its contents are made beside
// it and renamed, so that a crash leaves no half-made database behind.
absl::Status EnsureDatabaseFile(const std::string& path);

// Refuses what is not a database of this service. As above, not to be called where
// the file is open.
absl::Status CheckDatabaseFile(const std::string& path);

}  // namespace provisioning
