// SPDX-License-Identifier: Apache-2.0
// What small imports of one organization suffer from a huge one of another.
#include "tests/bench/neighbour_bench.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/bench/huge_import.h"
#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"

namespace provisioning {
namespace {

constexpr char password[] = "correct horse battery ";
constexpr std::int64_t small_rows = 10;

class NeighbourBench final : public Bench {
 public:
  explicit NeighbourBench(int imports) : imports_(imports) {}

  std::string name() const override { return "small_beside_huge"; }
  std::string description() const override {
    return "the 99th percentile of the time of " + std::to_string(imports_) +
           " ten-row imports beside a huge one of another organization, all with provided "
           "passwords / alone";
  }
  std::string unit() const override { return "ms"; }
  bool higher_is_better() const override { return false; }

  double MeasureOurs() override {
    ServedStore store;
    const HugeImport huge(store, HugeImport::Passwords::kGiven);
    Run(store, 3);  // Until the huge one has filled every queue.
    return Run(store, imports_);
  }
  double MeasureCeiling() override {
    ServedStore store;
    Run(store, 3);
    return Run(store, imports_);
  }

 private:
  double Run(ServedStore& store, int imports) {
    std::vector<double> times;
    for (int i = 0; i < imports; ++i) {
      const auto messages = RowMessages(small_rows, ++seed_, password);
      times.push_back(1000 * store.Import(BenchStart(false, "small"), EachOf(messages), small_rows,
                                          v1::ROW_OUTCOME_CREATED));
    }
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(std::ceil(0.99 * imports)) - 1];
  }

  const int imports_;
  std::uint64_t seed_ = 1000;
};

}  // namespace

std::unique_ptr<Bench> MakeNeighbourBench(bool quick) {
  return std::make_unique<NeighbourBench>(quick ? 20 : 100);
}

}  // namespace provisioning
