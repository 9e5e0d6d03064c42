// SPDX-License-Identifier: Apache-2.0
#include "service/import/row_arrivals.h"

#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

RowArrivals::Time At(int seconds) { return RowArrivals::Time(std::chrono::seconds(seconds)); }

std::vector<std::pair<double, std::int64_t>> Take(RowArrivals& arrivals, std::int64_t rows,
                                                  int seconds) {
  std::vector<std::pair<double, std::int64_t>> taken;
  for (const auto& wait : arrivals.Take(rows, At(seconds))) {
    taken.emplace_back(wait.time.count(), wait.rows);
  }
  return taken;
}

TEST(RowArrivalsTest, RowsGoInTheOrderOfTheirComing) {
  RowArrivals arrivals;
  arrivals.Add(3, At(1));
  arrivals.Add(0, At(2));
  arrivals.Add(2, At(4));
  EXPECT_THAT(Take(arrivals, 2, 5), ElementsAre(Pair(4, 2)));
  EXPECT_THAT(Take(arrivals, 2, 6), ElementsAre(Pair(5, 1), Pair(2, 1)));
  EXPECT_THAT(Take(arrivals, 0, 7), IsEmpty());
  EXPECT_THAT(Take(arrivals, 9, 8), ElementsAre(Pair(4, 1))) << "more than there are";
  EXPECT_THAT(Take(arrivals, 1, 9), IsEmpty());
}

}  // namespace
}  // namespace provisioning
