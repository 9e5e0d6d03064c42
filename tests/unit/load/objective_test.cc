// SPDX-License-Identifier: Apache-2.0
#include "tests/load/objective.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

TEST(ObjectiveTest, SaysWhatIsMeasuredAndWhatIsMet) {
  struct Case {
    const char* text;
    Metric metric;
    double percent;
    double met;
    double missed;
  };
  const Case cases[] = {
      {"p99<500ms", Metric::kLatencyPercentile, 99, 0.4999, 0.5},
      {"p99.9<=2s", Metric::kLatencyPercentile, 99.9, 2, 2.0001},
      {"p50 < 80us", Metric::kLatencyPercentile, 50, 79e-6, 81e-6},
      {"max<1m", Metric::kLatencyMax, 0, 59, 60},
      {"mean<=1.5ms", Metric::kLatencyMean, 0, 0.0014, 0.0016},
      {"import-p95<3s", Metric::kImportPercentile, 95, 2.9, 3},
      {"errors<0.1%", Metric::kErrors, 0, 0.0009, 0.0011},
      {"errors<=0%", Metric::kErrors, 0, 0, 1e-9},
      {"rate>=1000", Metric::kRate, 0, 1000, 999.9},
      {"rate>1000", Metric::kRate, 0, 1000.1, 1000},
      {"rss<512MiB", Metric::kMemory, 0, 511.0 * 1048576, 512.0 * 1048576},
  };
  for (const Case& c : cases) {
    const auto objective = Objective::Parse(c.text);
    ASSERT_TRUE(objective.ok()) << objective.status();
    EXPECT_EQ(objective->metric(), c.metric) << c.text;
    EXPECT_EQ(objective->percent(), c.percent) << c.text;
    EXPECT_TRUE(objective->Met(c.met)) << c.text;
    EXPECT_FALSE(objective->Met(c.missed)) << c.text;
    EXPECT_FALSE(objective->Met(std::nullopt)) << c.text;
  }
}

TEST(ObjectiveTest, NonsenseIsRefusedWithWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "neither < nor >"},
      {"p99", "neither < nor >"},
      {"p99=500ms", "neither < nor >"},
      {"p0<1s", "no metric \"p0\""},
      {"p100<1s", "no metric \"p100\""},
      {"p-1<1s", "no metric \"p-1\""},
      {"p9e1<1s", "no metric \"p9e1\""},
      {"p<1s", "no metric \"p\""},
      {"P99<1s", "no metric \"P99\""},
      {"latency<1s", "no metric \"latency\""},
      {"import-max<1s", "no metric \"import-max\""},
      {"p99>1s", "bounded from above"},
      {"errors>1%", "bounded from above"},
      {"rate<1000", "bounded from below"},
      {"p99<500", "\"500\" is not a time"},
      {"p99<ms", "\"ms\" is not a time"},
      {"p99<500 msec", "is not a time"},
      {"p99<-5ms", "is not a time"},
      {"p99<1e3ms", "is not a time"},
      {"p99<1.2.3s", "is not a time"},
      {"p99<nans", "is not a time"},
      {"p99<0ms", "nothing is below 0"},
      {"p99<<1s", "is not a time"},
      {"errors<0.1", "is not a share"},
      {"rate>=1000/s", "is not rows a second"},
      {"rss<512MB", "is not a number with KiB"},
  };
  for (const auto& [text, why] : cases) {
    const auto objective = Objective::Parse(text);
    ASSERT_FALSE(objective.ok()) << text;
    EXPECT_THAT(std::string(objective.status().message()), HasSubstr(why)) << text;
    EXPECT_THAT(std::string(objective.status().message()), HasSubstr("p99<500ms"));
  }
}

}  // namespace
}  // namespace provisioning
