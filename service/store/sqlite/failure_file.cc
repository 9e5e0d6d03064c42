// SPDX-License-Identifier: Apache-2.0
#include "service/store/sqlite/failure_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "service/model/error.h"
#include "service/model/error_text.h"
#include "service/model/random_bytes.h"
#include "service/store/failure_key.h"

namespace provisioning {
namespace {

constexpr char schema[] =
    "CREATE TABLE IF NOT EXISTS failure ("
    "  organization_id TEXT NOT NULL,"  // Empty: of addresses that nobody has.
    "  subject BLOB NOT NULL,"
    "  generation INTEGER NOT NULL,"
    "  failures INTEGER NOT NULL,"
    "  last_time INTEGER NOT NULL,"  // Microseconds since 1970.
    "  PRIMARY KEY (organization_id, subject)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT";
constexpr std::string_view make_secret_sql =
    "INSERT INTO secret (id, bytes) VALUES (1, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view secret_sql = "SELECT bytes FROM secret WHERE id=1";

// The wait after the last failure (failure_key.cc); ?7 and ?8 are its least and its most.
// A shift beyond what a number holds would make it short.
#define WAIT "min(?8, ?7 << min(failures - ?6, 30))"
constexpr std::string_view count_sql =
    "INSERT INTO failure (organization_id, subject, generation, failures, last_time) "
    "VALUES (?1, ?2, ?3, 1, ?4) "
    "ON CONFLICT (organization_id, subject) DO UPDATE SET "
    "failures=iif(generation=?3, failures, 0) + 1, generation=?3, last_time=?4 "
    "WHERE generation<>?3 OR (failures<?5 AND "
    "(failures<?6 OR ?4<last_time OR ?4>=last_time + " WAIT
    ")) "
    "RETURNING failures";
constexpr std::string_view read_sql =
    "SELECT failures, last_time FROM failure "
    "WHERE organization_id=? AND subject=? AND generation=?";
constexpr std::string_view forget_sql =
    "DELETE FROM failure WHERE organization_id=? AND subject=? AND generation=?";

absl::Status EnsureFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return MakeError(ErrorReason::kStoreUnavailable,
                     path + ": opening the file of failures: " + ErrorText(errno));
  }
  close(descriptor);
  return absl::OkStatus();
}

absl::Status SetUp(Connection& connection) {
  absl::Status status = connection.SetPragma("journal_mode", "wal");
  if (status.ok()) status = connection.SetPragma("synchronous", "1");
  if (status.ok()) status = connection.Execute(schema);
  if (!status.ok()) return status;
  const int code = sqlite3_wal_autocheckpoint(connection.handle(), 1000);
  return code == SQLITE_OK ? absl::OkStatus() : SqliteError(code, "setting up a connection");
}

// Made if there is none: the file is new, or of before there were secrets.
absl::StatusOr<std::string> EnsureSecret(const Connection& connection) {
  auto make = Statement::Prepare(connection, make_secret_sql);
  if (!make.ok()) return make.status();
  std::array<std::uint8_t, failure_secret_size> fresh;
  FillRandom(fresh);
  absl::Status status =
      Query(*make).BindBlob({reinterpret_cast<const char*>(fresh.data()), fresh.size()}).Execute();
  if (!status.ok()) return status;
  auto read = Statement::Prepare(connection, secret_sql);
  if (!read.ok()) return read.status();
  Query query(*read);
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return found.status();
  if (!*found || query.Text(0).size() != fresh.size()) {
    return MakeError(ErrorReason::kStoreUnavailable, "the secret of its keys is damaged");
  }
  return std::string(query.Text(0));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FailureFile>> FailureFile::Open(const std::string& path,
                                                               const std::string& vfs_name,
                                                               StoreHealth& health) {
  if (absl::Status status = EnsureFile(path); !status.ok()) return status;
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite, vfs_name);
  if (!connection.ok()) return connection.status();
  absl::Status status = SetUp(*connection);
  auto secret = status.ok() ? EnsureSecret(*connection) : absl::StatusOr<std::string>(status);
  if (!secret.ok()) {
    return MakeError(ErrorReason::kStoreUnavailable,
                     path + ": " + std::string(secret.status().message()) +
                         "; it only counts wrong passwords: move it away, and it is made anew");
  }
  auto count = Statement::Prepare(*connection, count_sql);
  auto read = Statement::Prepare(*connection, read_sql);
  auto forget = Statement::Prepare(*connection, forget_sql);
  for (const auto* statement : {&count, &read, &forget}) {
    if (!statement->ok()) return statement->status();
  }
  return std::unique_ptr<FailureFile>(new FailureFile(
      *std::move(connection), {*std::move(count), *std::move(read), *std::move(forget)},
      *std::move(secret), health));
}

absl::StatusOr<AttemptAnswer> FailureFile::CountAttempt(const FailureKey& key,
                                                        const FailureLimits& limits,
                                                        absl::Time now) {
  const FailureKey stored = StoredFailureKey(key, secret_);
  if (absl::Status broken = health_.Check(); !broken.ok()) return broken;
  std::lock_guard lock(mutex_);
  {
    Query query(statements_.count);
    query.Bind(stored.organization_id).Bind(stored.subject).Bind(stored.generation).Bind(now);
    query.Bind(std::int64_t{limits.failures_max}).Bind(std::int64_t{limits.failures_without_wait});
    query.Bind(absl::ToInt64Microseconds(limits.wait_min));
    query.Bind(absl::ToInt64Microseconds(limits.wait_max));
    const absl::StatusOr<bool> counted = query.Next();
    if (!counted.ok()) return Noted(counted.status());
    if (*counted) {
      const int failures = static_cast<int>(query.Number(0));
      // The statement is not over, nor committed, before its end.
      if (const auto end = query.Next(); !end.ok()) return Noted(end.status());
      return AttemptAnswer{.verdict = AttemptAnswer::Verdict::kCounted, .failures = failures};
    }
  }
  const absl::StatusOr<Count> count = ReadLocked(stored);
  if (!count.ok()) return count.status();
  return RefusedAttempt(count->failures, count->last_time, limits, now);
}

absl::StatusOr<FailureFile::Count> FailureFile::ReadLocked(const FailureKey& stored_key) {
  Query query(statements_.read);
  query.Bind(stored_key.organization_id).Bind(stored_key.subject).Bind(stored_key.generation);
  const absl::StatusOr<bool> found = query.Next();
  if (!found.ok()) return Noted(found.status());
  if (!*found) return Count{};
  return Count{query.Number(0), query.Time(1)};
}

absl::Status FailureFile::ForgetFailures(const FailureKey& key) {
  const FailureKey stored = StoredFailureKey(key, secret_);
  if (absl::Status broken = health_.Check(); !broken.ok()) return broken;
  std::lock_guard lock(mutex_);
  return Noted(Query(statements_.forget)
                   .Bind(stored.organization_id)
                   .Bind(stored.subject)
                   .Bind(stored.generation)
                   .Execute());
}

absl::StatusOr<int> FailureFile::Failures(const FailureKey& key) {
  const FailureKey stored = StoredFailureKey(key, secret_);
  std::lock_guard lock(mutex_);
  const absl::StatusOr<Count> count = ReadLocked(stored);
  if (!count.ok()) return count.status();
  return static_cast<int>(count->failures);
}

absl::Status FailureFile::Noted(absl::Status status) const {
  if (!status.ok()) health_.Note(status);
  return status;
}

}  // namespace provisioning
