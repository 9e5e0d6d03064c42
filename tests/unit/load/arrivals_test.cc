// SPDX-License-Identifier: Apache-2.0
#include "tests/load/arrivals.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Spacing = ArrivalSchedule::Spacing;

constexpr std::int64_t tick = ArrivalSchedule::tick_nanoseconds;
constexpr std::int64_t second = 1'000'000'000;

std::vector<std::int64_t> RowsOfSeconds(const ArrivalSchedule& schedule, int seconds) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < seconds * second / tick; ++i) {
    const auto rows = schedule.RowsOfTick(i);
    EXPECT_EQ(static_cast<std::int64_t>(rows.size()), schedule.CountOfTick(i));
    for (const std::int64_t time : rows) {
      EXPECT_GE(time, i * tick);
      EXPECT_LT(time, (i + 1) * tick);
    }
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

TEST(ArrivalScheduleTest, ConstantRowsAreEvenlySpaced) {
  for (const double rate : {0.5, 1.0, 3.0, 997.0, 1000.0, 12'345.0, 250'000.0}) {
    const ArrivalSchedule schedule(rate, Spacing::kConstant, 1);
    const auto rows = RowsOfSeconds(schedule, 4);
    ASSERT_EQ(static_cast<double>(rows.size()), std::ceil(4 * rate)) << rate;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(rows[i]), static_cast<double>(i) / rate * 1e9, 1) << rate;
    }
  }
}

TEST(ArrivalScheduleTest, ConstantRowsKeepTheirRateForDays) {
  const ArrivalSchedule schedule(12'345.6, Spacing::kConstant, 1);
  std::int64_t rows = 0;
  const std::int64_t begin = 7LL * 86'400 * second / tick;
  for (std::int64_t i = begin; i < begin + 10'000; ++i) rows += schedule.CountOfTick(i);
  EXPECT_NEAR(static_cast<double>(rows), 123'456, 1);
}

TEST(ArrivalScheduleTest, PoissonGapsAreExponential) {
  const double rate = 5000;
  const auto rows = RowsOfSeconds(ArrivalSchedule(rate, Spacing::kPoisson, 42), 20);
  // The standard deviation of the number is its root, 316.
  EXPECT_NEAR(static_cast<double>(rows.size()), 100'000, 1500);
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  // A gap is longer than x with the probability exp(-rate x).
  std::map<double, double> longer = {{0.5, 0}, {1, 0}, {2, 0}, {4, 0}};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double gap = static_cast<double>(rows[i] - rows[i - 1]) / 1e9 * rate;
    for (auto& [bound, count] : longer) count += gap > bound ? 1 : 0;
  }
  for (const auto& [bound, count] : longer) {
    EXPECT_NEAR(count / static_cast<double>(rows.size()), std::exp(-bound), 0.01) << bound;
  }
}

TEST(ArrivalScheduleTest, ASeedRepeatsItAndAnotherOneDoesNot) {
  const ArrivalSchedule schedule(3000, Spacing::kPoisson, 1);
  const ArrivalSchedule same(3000, Spacing::kPoisson, 1);
  const ArrivalSchedule other(3000, Spacing::kPoisson, 2);
  EXPECT_EQ(RowsOfSeconds(schedule, 1), RowsOfSeconds(same, 1));
  EXPECT_NE(RowsOfSeconds(schedule, 1), RowsOfSeconds(other, 1));
}

// Advances to `now`; the streams that have rows, in order.
std::vector<int> StreamsDue(Arrivals& arrivals, std::int64_t now) {
  std::vector<int> streams;
  arrivals.Advance(now, [&](int stream, std::int64_t, std::int64_t) { streams.push_back(stream); });
  return streams;
}

TEST(ArrivalsTest, TicksGoToTheStreamsInTurn) {
  Arrivals arrivals(ArrivalSchedule(2000, Spacing::kConstant, 1), 3, 0);
  StreamArrivals first(arrivals, 0);
  StreamArrivals second(arrivals, 1);
  EXPECT_THAT(StreamsDue(arrivals, tick - 1), IsEmpty());
  EXPECT_THAT(first.Take(10), IsEmpty());
  EXPECT_THAT(StreamsDue(arrivals, 4 * tick), ElementsAre(0, 1, 2, 0));
  EXPECT_TRUE(first.Waiting());
  EXPECT_THAT(first.Take(10), ElementsAre(0, tick / 2, 3 * tick, 3 * tick + tick / 2));
  EXPECT_FALSE(first.Waiting());
  EXPECT_THAT(second.Take(1), ElementsAre(tick));
  EXPECT_THAT(second.Take(10), ElementsAre(tick + tick / 2));
  EXPECT_THAT(StreamsDue(arrivals, 4 * tick), IsEmpty());
}

TEST(ArrivalsTest, StopsAfterAsManyRowsAsThereAre) {
  Arrivals arrivals(ArrivalSchedule(10'000, Spacing::kConstant, 1), 1, 25);
  StreamArrivals stream(arrivals, 0);
  std::int64_t rows = 0;
  arrivals.Advance(second, [&](int, std::int64_t, std::int64_t count) { rows += count; });
  EXPECT_EQ(rows, 25);
  EXPECT_TRUE(arrivals.stopped());
  EXPECT_FALSE(stream.Ended());
  EXPECT_EQ(stream.Take(100).size(), 25U);
  EXPECT_TRUE(stream.Ended());
}

TEST(ArrivalsTest, RowsThatWaitWhenItStopsAreStillTaken) {
  Arrivals arrivals(ArrivalSchedule(1000, Spacing::kConstant, 1), 1, 0);
  StreamArrivals stream(arrivals, 0);
  StreamsDue(arrivals, 5 * tick);
  arrivals.Stop();
  EXPECT_THAT(StreamsDue(arrivals, 9 * tick), IsEmpty());
  EXPECT_FALSE(stream.Ended());
  EXPECT_EQ(stream.Take(2).size(), 2U);
  EXPECT_FALSE(stream.Ended());
  arrivals.Drop();
  EXPECT_TRUE(stream.Ended());
  EXPECT_THAT(stream.Take(2), IsEmpty());
}

}  // namespace
}  // namespace provisioning
