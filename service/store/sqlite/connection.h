// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct sqlite3;

namespace provisioning {

// Any failure of SQLite, as the store's callers may see it: kDiskFull or
// kStoreUnavailable. `doing`: what failed, for people.
absl::Status SqliteError(int code, const char* doing);

// Some other process holds a lock; nothing is broken.
bool IsBusy(const absl::Status& error);
// There is no room; nothing is broken.
bool IsDiskFull(const absl::Status& error);

// A connection to a database, for one thread at a time.
class Connection {
 public:
  enum class Mode { kReadOnly, kReadWrite };

  // The file must exist. `vfs_name` empty: SQLite's default.
  static absl::StatusOr<Connection> Open(const std::string& path, Mode mode,
                                         const std::string& vfs_name);

  // Statements without parameters and without rows worth reading.
  absl::Status Execute(const std::string& sql);
  // The first column of a statement's first row; an error if there is none.
  absl::StatusOr<std::int64_t> ReadNumber(const std::string& sql);
  // Sets a pragma and reads it back: SQLite ignores what it cannot do without a
  // word. `value` as it is read, say "2" for FULL.
  absl::Status SetPragma(const std::string& name, const std::string& value);

  // How long a statement waits for somebody else's lock; 5 s at first.
  void SetBusyTimeout(absl::Duration timeout);

  // Closing writes nothing to the database file.
  void LeaveUncheckpointed();

  bool in_transaction() const;
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  absl::Status Harden();

  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace provisioning
