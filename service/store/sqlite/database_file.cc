// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/database_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "service/store/sqlite/connection.h"
#include "service/store/sqlite/file_system.h"
#include "service/store/sqlite/schema.h"

namespace provisioning {
namespace {

// https://sqlite.org/fileformat.html, 1.3.
constexpr int header_bytes = 100;
constexpr std::string_view header_magic("SQLite format 3\0", 16);
constexpr int application_id_offset = 68;

absl::Status MakeContents(const std::string& path) {
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite, "");
  if (!connection.ok()) return connection.status();
  return CreateSchema(*connection);
}

// SQLite would read the log of another database into a new one.
absl::Status CheckNoOldLog(const std::string& path) {
  for (const char* suffix : {"-wal", "-journal"}) {
    struct stat log {};
    if (stat((path + suffix).c_str(), &log) == 0 && log.st_size > 0) {
      return Refusal(path, "there is no database, but its log " + path + suffix +
                               " is still there and may hold clients; put the database back, or "
                               "move the log away");
    }
  }
  return absl::OkStatus();
}

absl::Status CreateDatabase(const std::string& path) {
  if (absl::Status status = CheckNoOldLog(path); !status.ok()) return status;
  const std::string unfinished = path + ".new";
  unlink(unfinished.c_str());
  unlink((unfinished + "-journal").c_str());
  absl::Status status = CreateOwnersFile(unfinished);
  if (status.ok()) status = MakeContents(unfinished);
  if (!status.ok()) return status;
  if (rename(unfinished.c_str(), path.c_str()) != 0) {
    return SystemError(path, "naming the new database");
  }
  return SyncFolder(path);
}

// Big-endian, as all numbers of the format.
std::int64_t ApplicationIdIn(const std::array<char, header_bytes>& header) {
  std::uint32_t id = 0;
  for (int i = 0; i < 4; ++i) {
    id = id << 8 | static_cast<std::uint8_t>(header[application_id_offset + i]);
  }
  return id;
}

}  // namespace

absl::StatusOr<DatabaseLock> DatabaseLock::Take(const std::string& database_path) {
  const std::string path = database_path + ".lock";
  Descriptor file(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, owner_only));
  if (!file.is_open()) return SystemError(path, "opening the lock file");
  if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) return DatabaseLock(file.Release());
  if (errno != EWOULDBLOCK) return SystemError(path, "locking");
  return Refusal(database_path, "another server is running on this database (it holds " + path +
                                    "); an embedded store serves one server at a time");
}

DatabaseLock::DatabaseLock(DatabaseLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DatabaseLock::~DatabaseLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status EnsureDatabaseFile(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) {
    return errno == ENOENT ? CreateDatabase(path) : SystemError(path, "looking for the database");
  }
  if (!S_ISREG(file.st_mode)) return Refusal(path, "not a file");
  if (file.st_size == 0) return CreateDatabase(path);
  if (absl::Status status = CheckDatabaseFile(path); !status.ok()) return status;
  // A copy that was put in place may have come with wider permissions.
  if ((file.st_mode & 0777) != owner_only && chmod(path.c_str(), owner_only) != 0) {
    return SystemError(path, "closing the database to others");
  }
  return absl::OkStatus();
}

absl::Status CheckDatabaseFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return SystemError(path, "opening the database");
  std::array<char, header_bytes> header{};
  const ssize_t count = pread(file.number(), header.data(), header.size(), 0);
  if (count < 0) return SystemError(path, "reading the database");
  if (count < header_bytes ||
      !std::string_view(header.data(), header_bytes).starts_with(header_magic)) {
    return Refusal(path, "not a database; nothing was changed");
  }
  if (ApplicationIdIn(header) != application_id) {
    return Refusal(path, "a database of another program; nothing was changed");
  }
  return absl::OkStatus();
}

}  // namespace provisioning
