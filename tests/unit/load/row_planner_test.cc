// SPDX-License-Identifier: Apache-2.0
#include "tests/load/row_planner.h"

#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

constexpr int row_count = 20'000;

LoadOptions Mix() {
  LoadOptions options;
  options.seed = 11;
  options.provided = 0.3;
  options.invalid = 0.1;
  options.duplicates = 0.2;
  options.existing = 0.05;
  return options;
}

TEST(RowPlannerTest, TheSharesAreThoseThatAreWishedFor) {
  const LoadOptions options = Mix();
  KnownClients known;
  known.Offer(1, 777);
  RowPlanner planner(options, known, 2, 1'000'000);
  std::map<RowKind, int> kinds;
  std::set<int> faults;
  int provided = 0;
  for (int i = 0; i < row_count; ++i) {
    const RowPlan plan = planner.Next();
    ++kinds[plan.kind];
    provided += plan.provided ? 1 : 0;
    if (plan.kind == RowKind::kInvalid) faults.insert(plan.fault);
  }
  EXPECT_NEAR(kinds[RowKind::kInvalid], 0.1 * row_count, 200);
  EXPECT_NEAR(kinds[RowKind::kDuplicate], 0.2 * row_count, 300);
  EXPECT_NEAR(kinds[RowKind::kExisting], 0.05 * row_count, 150);
  EXPECT_NEAR(provided, 0.3 * row_count, 300);
  EXPECT_EQ(faults.size(), static_cast<std::size_t>(row_fault_count));
}

TEST(RowPlannerTest, ADuplicateRepeatsANewRowAboveIt) {
  const LoadOptions options = Mix();
  KnownClients known;
  RowPlanner planner(options, known, 2, 5000);
  std::map<std::int64_t, RowPlan> rows;
  for (int i = 1; i <= row_count; ++i) {
    const RowPlan plan = planner.Next();
    ASSERT_EQ(plan.number, i);
    rows[i] = plan;
    if (plan.kind != RowKind::kDuplicate) continue;
    ASSERT_LT(plan.first_row, plan.number);
    ASSERT_EQ(rows[plan.first_row].kind, RowKind::kNew);
    ASSERT_EQ(rows[plan.first_row].person, plan.person);
  }
}

TEST(RowPlannerTest, ExistingClientsAreOfOtherImports) {
  KnownClients known;
  EXPECT_EQ(known.Pick(1, 5), std::nullopt);
  known.Offer(1, 100);
  EXPECT_EQ(known.Pick(1, 5), std::nullopt);
  known.Offer(2, 200);
  for (std::uint64_t bits = 0; bits < 10; ++bits) EXPECT_EQ(known.Pick(1, bits), 200);
}

TEST(RowPlannerTest, ASeedRepeatsTheMix) {
  const LoadOptions options = Mix();
  KnownClients known;
  RowPlanner first(options, known, 2, 1);
  RowPlanner second(options, known, 2, 1);
  for (int i = 0; i < 1000; ++i) {
    const RowPlan a = first.Next();
    const RowPlan b = second.Next();
    ASSERT_EQ(a.kind, b.kind);
    ASSERT_EQ(a.person, b.person);
    ASSERT_EQ(a.provided, b.provided);
  }
}

TEST(RowPlanTest, RowsAreWhatTheirPlanSays) {
  RowPlan plan{.number = 3, .person = 42};
  const v1::ClientRow row = MakeRow(plan, 1);
  EXPECT_EQ(row.row_number(), 3);
  EXPECT_EQ(row.initial_password(), "");
  EXPECT_EQ(row.SerializeAsString(), MakeRow(plan, 1).SerializeAsString());
  EXPECT_NE(row.email_address(), MakeRow(plan, 2).email_address());
  plan.number = 9;
  plan.provided = true;
  EXPECT_EQ(MakeRow(plan, 1).email_address(), row.email_address());
  EXPECT_NE(MakeRow(plan, 1).initial_password(), "");
}

}  // namespace
}  // namespace provisioning
