// SPDX-License-Identifier: Apache-2.0
// How much the server's memory grows with the rows of one import.
#include "tests/bench/memory_bench.h"

#include <algorithm>
#include <vector>

#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"

namespace provisioning {
namespace {

constexpr std::uint64_t seed = 11;

// Memory goes up and down with every commit, and stays up for longer when commits
// take longer: what can be compared is the most that was seen over many rows
// before the mark, when all that may be under way is under way.
class MemoryAt {
 public:
  MemoryAt(std::int64_t row, std::int64_t rows_before) : row_(row), rows_before_(rows_before) {}

  void Look(std::int64_t rows, const ServerProcess& server) {
    if (rows > row_ - rows_before_ && rows <= row_) seen_.push_back(server.resident_bytes());
  }
  double bytes() {
    if (seen_.empty()) GiveUp("the server's memory was not seen");
    return static_cast<double>(std::ranges::max(seen_));
  }

 private:
  const std::int64_t row_;
  const std::int64_t rows_before_;
  std::vector<std::int64_t> seen_;
};

class MemoryBench final : public Bench {
 public:
  MemoryBench(std::int64_t first, std::int64_t last) : first_(first), last_(last) {}

  std::string name() const override { return "memory_slope"; }
  std::string description() const override {
    return "bytes by which the server's memory grows between row " + std::to_string(first_) +
           " and row " + std::to_string(last_) + " of an import / those rows";
  }
  std::string unit() const override { return "bytes per rows"; }
  bool higher_is_better() const override { return false; }
  int rounds_max() const override { return 1; }

  double MeasureOurs() override {
    ServedStore store;
    MemoryAt early(first_, first_ / 4);
    MemoryAt late(last_, first_ / 4);
    store.Import(
        BenchStart(true),
        [this, next = std::int64_t{1}](grpc::ByteBuffer& message) mutable {
          if (next > last_) return false;
          message = RowMessage(next, last_, seed, "");
          next += rows_per_message;
          return true;
        },
        last_, v1::ROW_OUTCOME_CREATED,
        [&](std::int64_t rows) {
          early.Look(rows, store.server());
          late.Look(rows, store.server());
        });
    return late.bytes() - early.bytes();
  }

  double MeasureCeiling() override { return static_cast<double>(last_ - first_); }

 private:
  const std::int64_t first_;
  const std::int64_t last_;
};

}  // namespace

std::unique_ptr<Bench> MakeMemoryBench(bool quick) {
  return quick ? std::make_unique<MemoryBench>(200'000, 1'000'000)
               : std::make_unique<MemoryBench>(2'000'000, 10'000'000);
}

}  // namespace provisioning
