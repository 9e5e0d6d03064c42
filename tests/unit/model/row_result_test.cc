// SPDX-License-Identifier: Apache-2.0
#include "service/model/row_result.h"

#include <gtest/gtest.h>

#include <set>

namespace provisioning {
namespace {

TEST(RowResultTest, EveryOutcomeHasANameAndACount) {
  OutcomeCounts counts;
  std::set<std::string_view> names;
  for (int i = 1; i <= row_outcome_count; ++i) {
    const auto outcome = static_cast<RowOutcome>(i);
    EXPECT_FALSE(RowOutcomeName(outcome).empty()) << i;
    EXPECT_TRUE(names.insert(RowOutcomeName(outcome)).second) << i;
    counts[outcome] += i;
  }
  for (int i = 1; i <= row_outcome_count; ++i) EXPECT_EQ(counts[static_cast<RowOutcome>(i)], i);
  EXPECT_EQ(counts.total(), 36);
}

TEST(RowResultTest, EveryColumnHasAName) {
  std::set<std::string_view> names;
  for (int i = 0; i < column_count; ++i) {
    EXPECT_TRUE(names.insert(ColumnName(static_cast<Column>(i))).second);
  }
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace provisioning
