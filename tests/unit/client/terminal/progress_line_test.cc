// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/progress_line.h"

#include "client/terminal/text_columns.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

ProgressFacts Facts() {
  ProgressFacts facts;
  facts.label = "Importing";
  facts.done = 0.45;
  facts.rows = 123'456;
  facts.rows_per_second = 7'890.9;
  facts.refused = 12;
  facts.left = absl::Seconds(150);
  return facts;
}

TEST(ProgressLineTest, SaysEverything) {
  EXPECT_EQ(ProgressLine(Facts()), "Importing 45 %  123,456 rows  7,890/s  12 refused  3 min left");
  ProgressFacts facts = Facts();
  facts.rows = 1;
  facts.refused = 0;
  facts.left.reset();
  EXPECT_EQ(ProgressLine(facts), "Importing 45 %  1 row  7,890/s");
}

TEST(ProgressBarLineTest, FillsAWideTerminalWithALongerBar) {
  EXPECT_EQ(ProgressBarLine(Facts(), 199),
            "Importing [##################----------------------] 45 %  123,456 rows  7,890/s  "
            "12 refused  3 min left");
}

TEST(ProgressBarLineTest, ShortensTheBarFirst) {
  EXPECT_EQ(ProgressBarLine(Facts(), 79),
            "Importing [######---------] 45 %  123,456 rows  7,890/s  12 refused  3 min left");
}

TEST(ProgressBarLineTest, HasBarRateAndTimeLeftAt60Columns) {
  ProgressFacts facts = Facts();
  EXPECT_EQ(ProgressBarLine(facts, 59),
            "Importing [####-----] 45 %  7,890/s  12 refused  3 min left");
  facts.refused = 0;
  EXPECT_EQ(ProgressBarLine(facts, 59),
            "Importing [###----] 45 %  123,456 rows  7,890/s  3 min left");
}

TEST(ProgressBarLineTest, FitsAtEveryWidthWhateverItSays) {
  for (const std::int64_t rows : {std::int64_t{0}, std::int64_t{7}, std::int64_t{9'876'543'210}}) {
    for (const double done : {-1.0, 0.0, 0.5, 1.0, 7.0}) {
      ProgressFacts facts = Facts();
      facts.rows = rows;
      facts.refused = rows / 2;
      facts.rows_per_second = double(rows) / 3;
      facts.done = done;
      facts.left = absl::Seconds(rows);
      for (std::size_t columns = 1; columns <= 200; ++columns) {
        EXPECT_LE(ColumnsOf(ProgressBarLine(facts, columns)), columns);
      }
    }
  }
}

}  // namespace
}  // namespace provisioning
