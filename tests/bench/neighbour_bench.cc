// SPDX-License-Identifier: Apache-2.0
// What small imports of one organization suffer from a huge one of another.
#include "tests/bench/neighbour_bench.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "tests/bench/random_rows.h"
#include "tests/bench/served_import.h"
#include "tests/support/wire_bytes.h"

namespace provisioning {
namespace {

constexpr char password[] = "correct horse battery ";
constexpr std::int64_t small_rows = 10;
constexpr std::int64_t huge_rows = 1'000'000;  // More than are hashed while it is measured.

// An import that is under way until the object goes.
class HugeImport {
 public:
  explicit HugeImport(const ServedStore& store)
      : stream_(LoopbackChannel(store.address()), import_method,
                ImportOf(BenchStart(false, "huge"),
                         [next = std::int64_t{1}](grpc::ByteBuffer& message) mutable {
                           if (next > huge_rows) return false;
                           message = RowMessage(next, huge_rows, 1, password);
                           next += rows_per_message;
                           return true;
                         }),
                [](grpc::ByteBuffer& /*message*/) {}),
        thread_([this] { ended_ = stream_.Run(); }) {}
  ~HugeImport() {
    stream_.Cancel();
    thread_.join();
    if (ended_.error_code() != grpc::StatusCode::CANCELLED) {
      GiveUp("the huge import ended by itself: " + ended_.error_message());
    }
  }
  HugeImport(const HugeImport&) = delete;
  HugeImport& operator=(const HugeImport&) = delete;

 private:
  MessageStream stream_;
  grpc::Status ended_;
  std::thread thread_;
};

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
    const HugeImport huge(store);
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
