// SPDX-License-Identifier: Apache-2.0
// An import with generated passwords, results received, beside the barest loader
// of the same table.
#include "tests/bench/sqlite_bench.h"

#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/bench/sqlite_loader.h"

namespace provisioning {
namespace {

constexpr std::uint64_t seed = 7;

class SqliteBench final : public Bench {
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
    const auto messages = RowMessages(rows_, seed, "");
    ServedStore store;
    return store.Import(BenchStart(true), messages, rows_, v1::ROW_OUTCOME_CREATED);
  }

  double MeasureCeiling() override {
    const BenchFolder folder;
    SqliteOptions options;
    options.path = folder.File("clients.db");
    // It makes the schema.
    if (auto store = SqliteIdentityStore::Open(options); !store.ok()) {
      GiveUp(std::string(store.status().message()));
    }
    return LoadRows(options.path, rows_, seed);
  }

 private:
  const std::int64_t rows_;
};

}  // namespace

std::unique_ptr<Bench> MakeSqliteBench(bool quick) {
  return std::make_unique<SqliteBench>(quick ? 100'000 : 1'000'000);
}

}  // namespace provisioning
