// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/sqlite_loader.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "absl/time/clock.h"
#include "service/model/sha256.h"
#include "service/model/uuid.h"
#include "tests/bench/bench.h"
#include "tests/bench/random_rows.h"

namespace provisioning {
namespace {

// The best of those that were tried: transactions of 16,384 rows to the whole, a
// cache of 64 to 400 MiB, a log of 65,536 to 1,000,000 pages, sorted or not.
constexpr std::int64_t rows_per_transaction = 65'536;
constexpr char settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
    "PRAGMA wal_autocheckpoint=65536; PRAGMA temp_store=MEMORY";
constexpr char insert[] =
    "INSERT INTO client (organization_id, client_id, email_key, email_address, first_name, "
    "last_name, birthdate, gender, state, create_time, update_time, created_import, created_row, "
    "profile_changed, used, credential, credential_generated, credential_source, "
    "credential_expire_time) VALUES ('bench', ?1, ?11, ?2, ?3, ?4, ?5, ?6, 2, ?7, ?7, ?8, ?9, 0, "
    "0, ?10, 1, ?12, ?7)";

constexpr std::size_t credential_bytes = 100;

struct LoadedRow {
  v1::ClientRow row;
  std::string credential;
  std::string email_key;
};

std::vector<LoadedRow> MakeRows(std::int64_t count, std::uint64_t seed, LoadedCredential kind) {
  std::mt19937_64 random(seed);
  std::vector<LoadedRow> rows;
  rows.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 1; i <= count; ++i) {
    // As long as a real one; what stands in it makes no difference to SQLite.
    std::string credential = "$salted-sha256$";
    if (kind == LoadedCredential::kRandomHash) credential = RandomHash(i, seed);
    while (credential.size() < credential_bytes) {
      credential += static_cast<char>('a' + random() % 26);
    }
    v1::ClientRow row = RandomRow(i, seed);
    const Sha256Digest digest = Sha256(row.email_address());
    rows.push_back({std::move(row), std::move(credential), {digest.begin(), digest.begin() + 16}});
  }
  return rows;
}

// They rise with the order in which rows are inserted, as the service's do.
std::vector<Uuid> MakeClientIds(std::int64_t count, absl::Time now) {
  std::vector<Uuid> ids;
  ids.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    ids.push_back(Uuid::NewV7(now + i * absl::Microseconds(1)));
  }
  return ids;
}

class Database {
 public:
  explicit Database(const std::string& path) {
    Check(sqlite3_open(path.c_str(), &handle_));
    Execute(settings);
    Check(sqlite3_prepare_v3(handle_, insert, -1, SQLITE_PREPARE_PERSISTENT, &insert_, nullptr));
  }
  ~Database() {
    sqlite3_finalize(insert_);
    sqlite3_close(handle_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void Execute(const char* sql) { Check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr)); }
  void Insert(const LoadedRow& loaded, const Uuid& client_id, std::int64_t now,
              const Uuid& import_id) {
    const v1::ClientRow& row = loaded.row;
    BindBlob(1, client_id.bytes());
    BindText(2, row.email_address());
    BindText(3, row.first_name());
    BindText(4, row.last_name());
    sqlite3_bind_int64(insert_, 5, row.birthdate().empty() ? 0 : std::stoll(row.birthdate()));
    sqlite3_bind_int64(insert_, 6, row.gender().empty() ? 0 : row.gender().front());
    sqlite3_bind_int64(insert_, 7, now);
    BindBlob(8, import_id.bytes());
    sqlite3_bind_int64(insert_, 9, row.row_number());
    BindText(10, loaded.credential);
    BindBlob(11, loaded.email_key);
    // As many bytes, that is; which they are does not matter.
    BindBlob(12, std::string_view(loaded.credential).substr(0, 24));
    if (sqlite3_step(insert_) != SQLITE_DONE) GiveUp(sqlite3_errmsg(handle_));
    sqlite3_reset(insert_);
  }

 private:
  void Check(int code) {
    if (code != SQLITE_OK) GiveUp(std::string("SQLite: ") + sqlite3_errmsg(handle_));
  }
  void BindText(int index, const std::string& text) {
    sqlite3_bind_text(insert_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void BindBlob(int index, std::string_view bytes) {
    sqlite3_bind_blob(insert_, index, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }

  sqlite3* handle_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace

double LoadRows(const std::string& path, std::int64_t rows, std::uint64_t seed,
                LoadedCredential credential) {
  std::vector<LoadedRow> loaded = MakeRows(rows, seed, credential);
  const absl::Time now = absl::Now();
  const Uuid import_id = Uuid::NewV7(now);
  const std::vector<Uuid> client_ids = MakeClientIds(rows, now);
  const auto begin = std::chrono::steady_clock::now();
  {
    Database database(path);
    for (std::int64_t from = 0; from < rows; from += rows_per_transaction) {
      const auto first = loaded.begin() + from;
      const auto last = loaded.begin() + std::min(rows, from + rows_per_transaction);
      std::sort(first, last,
                [](const LoadedRow& a, const LoadedRow& b) { return a.email_key < b.email_key; });
      database.Execute("BEGIN IMMEDIATE");
      for (auto row = first; row != last; ++row) {
        const Uuid& client_id = client_ids[static_cast<std::size_t>(row - loaded.begin())];
        database.Insert(*row, client_id, absl::ToUnixMicros(now), import_id);
      }
      database.Execute("COMMIT");
    }
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(rows) / time.count();
}

}  // namespace provisioning
