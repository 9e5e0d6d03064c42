// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/hashing_bench.h"
#include "tests/bench/memory_bench.h"
#include "tests/bench/neighbour_bench.h"
#include "tests/bench/postgres_bench.h"
#include "tests/bench/sign_in_bench.h"
#include "tests/bench/sqlite_bench.h"
#include "tests/bench/validate_bench.h"

namespace provisioning {
namespace {

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

std::vector<std::unique_ptr<Bench>> MakeBenches(bool quick) {
  std::vector<std::unique_ptr<Bench>> benches;
  benches.push_back(MakeHashingBench(quick));
  benches.push_back(MakeSqliteBench(quick));
  benches.push_back(MakePrefilledBench(quick));
  benches.push_back(MakeValidateBench(quick));
  benches.push_back(MakePrehashedBench(quick));
  benches.push_back(MakePostgresBench(quick));
  benches.push_back(MakeTwoServersBench(quick));
  benches.push_back(MakeMemoryBench(quick));
  benches.push_back(MakeNeighbourBench(quick));
  benches.push_back(MakeSignInBench(HugeImport::Passwords::kGiven, quick));
  benches.push_back(MakeSignInBench(HugeImport::Passwords::kGenerated, quick));
  return benches;
}

void RunBench(Bench& bench, int rounds) {
  rounds = std::min(rounds, bench.rounds_max());
  std::vector<double> ours;
  std::vector<double> ceilings;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    // Neither is always the one that finds the machine warm.
    if (round % 2 == 0) ceilings.push_back(bench.MeasureCeiling());
    ours.push_back(bench.MeasureOurs());
    if (round % 2 == 1) ceilings.push_back(bench.MeasureCeiling());
    ratios.push_back(ours.back() / ceilings.back());
  }
  const auto [low, high] = std::ranges::minmax(ratios);
  std::printf("ratio %s %.3f (%.0f / %.0f %s, medians of %d rounds, ratios %.3f to %.3f, %s: %s)\n",
              bench.name().c_str(), Median(ratios), Median(ours), Median(ceilings),
              bench.unit().c_str(), rounds, low, high,
              bench.higher_is_better() ? "higher is better" : "lower is better",
              bench.description().c_str());
  std::fflush(stdout);
}

void GiveUp(const std::string& why) {
  std::fprintf(stderr, "provisioning-bench: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace provisioning
