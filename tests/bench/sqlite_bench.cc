// SPDX-License-Identifier: Apache-2.0
// Imports with generated passwords, results received, beside the barest loader
// of the same table: into an empty store, and into one that has clients; and
// imports of rows that bring the hash of a password.
#include "tests/bench/sqlite_bench.h"

#include <filesystem>

#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/bench/sqlite_loader.h"

namespace provisioning {
namespace {

constexpr std::uint64_t seed = 7;
constexpr std::uint64_t seed_before = 8;

// The service makes its schema.
void MakeDatabase(const std::string& path) {
  SqliteOptions options;
  options.path = path;
  if (auto store = SqliteIdentityStore::Open(options); !store.ok()) {
    GiveUp(std::string(store.status().message()));
  }
}

class SqliteBench : public Bench {
 public:
  explicit SqliteBench(std::int64_t rows) : rows_(rows) {}

  std::string name() const override { return "sqlite_generated"; }
  std::string description() const override {
    return "an import of " + std::to_string(rows_) +
           " random addresses, generated passwords, results received / the barest SQLite loader "
           "of the same table and keys";
  }
  std::string unit() const override { return "rows/s"; }

  double MeasureOurs() override {
    const auto messages = Messages();
    ServedStore store(Before());
    return static_cast<double>(rows_) /
           store.Import(BenchStart(true), EachOf(messages), rows_, v1::ROW_OUTCOME_CREATED);
  }

  double MeasureCeiling() override {
    const BenchFolder folder;
    const std::string path = folder.File("clients.db");
    std::filesystem::copy_file(Before(), path);
    return LoadRows(path, rows_, seed, credential());
  }

 protected:
  std::int64_t rows() const { return rows_; }
  virtual std::vector<grpc::ByteBuffer> Messages() const { return RowMessages(rows_, seed, ""); }
  virtual LoadedCredential credential() const { return LoadedCredential::kGenerated; }
  // A database as it is before the measured rows.
  virtual const std::string& Before() {
    if (before_.empty()) {
      before_ = folder_.File("before.db");
      MakeDatabase(before_);
    }
    return before_;
  }

 private:
  const std::int64_t rows_;
  const BenchFolder folder_;
  std::string before_;
};

class PrefilledBench final : public SqliteBench {
 public:
  PrefilledBench(std::int64_t rows, std::int64_t rows_before)
      : SqliteBench(rows), rows_before_(rows_before) {}

  std::string name() const override { return "prefilled"; }
  std::string description() const override {
    return SqliteBench::description() + ", both into a store of " + std::to_string(rows_before_) +
           " clients";
  }

 private:
  const std::string& Before() override {
    const std::string& database = SqliteBench::Before();
    if (!filled_) LoadRows(database, rows_before_, seed_before);
    filled_ = true;
    return database;
  }

  const std::int64_t rows_before_;
  bool filled_ = false;
};

class PrehashedBench final : public SqliteBench {
 public:
  explicit PrehashedBench(std::int64_t rows) : SqliteBench(rows) {}

  std::string name() const override { return "prehashed"; }
  std::string description() const override {
    return "an import of " + std::to_string(rows()) +
           " random addresses, each with a hash of argon2id, results received / the barest SQLite "
           "loader of the same table, keys and hashes";
  }

 private:
  std::vector<grpc::ByteBuffer> Messages() const override {
    return HashedRowMessages(rows(), seed);
  }
  LoadedCredential credential() const override { return LoadedCredential::kRandomHash; }
};

}  // namespace

std::unique_ptr<Bench> MakeSqliteBench(bool quick) {
  return std::make_unique<SqliteBench>(quick ? 100'000 : 1'000'000);
}

std::unique_ptr<Bench> MakePrefilledBench(bool quick) {
  return std::make_unique<PrefilledBench>(quick ? 100'000 : 1'000'000, quick ? 300'000 : 3'000'000);
}

std::unique_ptr<Bench> MakePrehashedBench(bool quick) {
  return std::make_unique<PrehashedBench>(quick ? 100'000 : 1'000'000);
}

}  // namespace provisioning
