// SPDX-License-Identifier: Apache-2.0
// Imports with generated passwords into PostgreSQL, results received, beside COPY
// of the same rows into the same table; and two servers on one database.
#include "tests/bench/postgres_bench.h"

#include <libpq-fe.h>

#include <chrono>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "service/model/uuid.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_server.h"

namespace provisioning {
namespace {

constexpr std::uint64_t seed = 7;
constexpr std::size_t credential_bytes = 100;
constexpr std::size_t copied_at_once = 1 << 20;
constexpr char copy_sql[] =
    "COPY client (organization_id, client_id, email_address, first_name, last_name, birthdate, "
    "gender, state, create_time, update_time, created_import, created_row, profile_changed, used, "
    "credential, credential_generated, credential_import, credential_row, credential_expire_time) "
    "FROM STDIN";

std::string OrNull(const std::string& cell) { return cell.empty() ? "\\N" : cell; }

// What COPY takes, in the order of `copy_sql`.
std::string CopyText(std::int64_t count) {
  std::mt19937_64 random(seed);
  const absl::Time now = absl::Now();
  const std::string time = absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", now, absl::UTCTimeZone());
  const std::string import_id = Uuid::NewV7(now).ToString();
  std::string text;
  for (std::int64_t i = 1; i <= count; ++i) {
    const v1::ClientRow row = RandomRow(i, seed);
    // As long as a real one; what stands in it makes no difference here.
    std::string credential = "$salted-sha256$";
    while (credential.size() < credential_bytes) {
      credential += static_cast<char>('a' + random() % 26);
    }
    absl::StrAppend(&text, "bench\t", Uuid::NewV7(now + i * absl::Microseconds(1)).ToString(), "\t",
                    row.email_address(), "\t", row.first_name(), "\t", row.last_name(), "\t",
                    OrNull(row.birthdate()), "\t", OrNull(row.gender()), "\t1\t", time, "\t", time);
    absl::StrAppend(&text, "\t", import_id, "\t", i, "\tf\tf\t", credential, "\tt\t", import_id,
                    "\t", i, "\t", time, "\n");
  }
  return text;
}

// Seconds of one COPY, committed.
double Copy(const std::string& url, const std::string& text) {
  PGconn* const connection = PQconnectdb(url.c_str());
  if (PQstatus(connection) != CONNECTION_OK) GiveUp(PQerrorMessage(connection));
  const auto begin = std::chrono::steady_clock::now();
  PGresult* result = PQexec(connection, copy_sql);
  if (PQresultStatus(result) != PGRES_COPY_IN) GiveUp(PQerrorMessage(connection));
  PQclear(result);
  for (std::size_t from = 0; from < text.size(); from += copied_at_once) {
    const std::size_t bytes = std::min(copied_at_once, text.size() - from);
    if (PQputCopyData(connection, text.data() + from, static_cast<int>(bytes)) != 1) {
      GiveUp(PQerrorMessage(connection));
    }
  }
  if (PQputCopyEnd(connection, nullptr) != 1) GiveUp(PQerrorMessage(connection));
  result = PQgetResult(connection);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) GiveUp(PQerrorMessage(connection));
  PQclear(result);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  PQfinish(connection);
  return time.count();
}

class PostgresBench : public Bench {
 public:
  explicit PostgresBench(std::int64_t rows) : rows_(rows) {}

  std::string name() const override { return "postgres_generated"; }
  std::string description() const override {
    return "an import of " + std::to_string(rows_) +
           " random addresses into PostgreSQL, generated passwords, results received / COPY of "
           "the same rows into the same table";
  }
  std::string unit() const override { return "rows/s"; }

  double MeasureOurs() override {
    const auto messages = RowMessages(rows_, seed, "");
    ServedStore store(ServedStore::Address{NewDatabase()});
    return static_cast<double>(rows_) /
           store.Import(BenchStart(true), EachOf(messages), rows_, v1::ROW_OUTCOME_CREATED);
  }
  double MeasureCeiling() override {
    if (text_.empty()) text_ = CopyText(rows_);
    return static_cast<double>(rows_) / Copy(NewDatabase(), text_);
  }

 protected:
  std::int64_t rows() const { return rows_; }
  // What another one left to be written is written before the next begins.
  std::string NewDatabase() {
    server_.Execute("postgres", "CHECKPOINT");
    return NewMigratedDatabase(server_);
  }

 private:
  const std::int64_t rows_;
  std::string text_;
  PostgresServer server_;
};

class TwoServersBench final : public PostgresBench {
 public:
  using PostgresBench::PostgresBench;

  std::string name() const override { return "postgres_two_servers"; }
  std::string description() const override {
    return "two servers on one PostgreSQL with one stream of " + std::to_string(rows()) +
           " rows each, together / one server with one such stream";
  }

  double MeasureOurs() override {
    const ServedStore::Address address{NewDatabase()};
    ServedStore first(address);
    ServedStore second(address);
    const auto messages = RowMessages(rows(), seed, "");
    const auto begin = std::chrono::steady_clock::now();
    std::thread other([&] {
      second.Import(BenchStart(true, "bench-2"), EachOf(messages), rows(), v1::ROW_OUTCOME_CREATED);
    });
    first.Import(BenchStart(true), EachOf(messages), rows(), v1::ROW_OUTCOME_CREATED);
    other.join();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(2 * rows()) / time.count();
  }
  double MeasureCeiling() override { return PostgresBench::MeasureOurs(); }
};

}  // namespace

std::unique_ptr<Bench> MakePostgresBench(bool quick) {
  return std::make_unique<PostgresBench>(quick ? 50'000 : 500'000);
}

std::unique_ptr<Bench> MakeTwoServersBench(bool quick) {
  return std::make_unique<TwoServersBench>(quick ? 50'000 : 500'000);
}

}  // namespace provisioning
