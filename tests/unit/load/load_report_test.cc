// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/load/text_report.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t second = 1'000'000'000;

LoadOptions Judged(const std::vector<std::string>& objectives) {
  LoadOptions options;
  options.rate = 100;
  options.connections = 1;
  for (const std::string& text : objectives) {
    options.objectives.push_back(*Objective::Parse(text));
  }
  return options;
}

// 100 rows are due and sent; `answered` of them after 50 ms.
RunFacts Facts(int answered) {
  RunRecord record(1, true);
  record.RowsDue(0, 100);
  record.RowsSent(0, 100, 0);
  AnsweredRows rows;
  rows.time = second;
  rows.rows.assign(static_cast<std::size_t>(answered), {second - 50'000'000, second - 40'000'000});
  record.RowsAnswered(rows);
  return record.facts();
}

TEST(LoadReportTest, EveryObjectiveIsJudged) {
  const LoadReport report = MakeReport(
      Judged({"p99<60ms", "p99<40ms", "rate>=100", "rate>100", "errors<=0%", "mean<51ms"}),
      Facts(100));
  std::vector<bool> met;
  for (const auto& judged : report.objectives) met.push_back(judged.met);
  EXPECT_THAT(met, ElementsAre(true, false, true, false, true, true));
  EXPECT_THAT(report.failures,
              ElementsAre("objective p99<40ms missed", "objective rate>100 missed"));
}

// All answers came in the first of four seconds: then the server was away.
TEST(LoadReportTest, TheRateIsThatOfTheWholeRun) {
  RunFacts facts = Facts(100);
  EXPECT_DOUBLE_EQ(facts.rate(), 100);
  facts.length = 4 * second;
  EXPECT_DOUBLE_EQ(facts.rate(), 25);
  EXPECT_FALSE(MakeReport(Judged({"rate>=26"}), facts).objectives[0].met);
}

TEST(LoadReportTest, RowsWithoutAnAnswerAreSlowerThanAnyBound) {
  const LoadReport report = MakeReport(Judged({"p95<1m", "p90<60ms", "max<1m"}), Facts(90));
  EXPECT_FALSE(report.objectives[0].met);
  EXPECT_TRUE(report.objectives[1].met);
  EXPECT_FALSE(report.objectives[2].met);
}

TEST(LoadReportTest, RowsThatWereNeverSentAreErrorsAndAreTold) {
  RunRecord record(1, true);
  record.RowsDue(0, 200);
  record.RowsSent(0, 100, 0);
  AnsweredRows rows;
  rows.time = second;
  rows.rows.assign(100, {0, 0});
  record.RowsAnswered(rows);
  const RunFacts facts = record.facts();
  EXPECT_EQ(facts.rows_unsent(), 100);
  EXPECT_DOUBLE_EQ(facts.error_share(), 0.5);
  const LoadReport report = MakeReport(Judged({"errors<1%", "p51<1m"}), facts);
  EXPECT_FALSE(report.objectives[0].met);
  EXPECT_THAT(TextReport(report), HasSubstr("Rows unsent"));
}

TEST(LoadReportTest, AWrongAnswerFailsARunWhateverTheObjectives) {
  RunRecord record(1, true);
  record.Wrong(0, {WrongKind::kRowOrder, "row 2 before row 1"}, "load-1, import x", true);
  RunFacts facts = Facts(100);
  facts.wrong = record.facts().wrong;
  const LoadReport report = MakeReport(Judged({"errors<100%"}), facts);
  EXPECT_THAT(report.failures, ElementsAre("1 wrong answer"));
  EXPECT_THAT(TextReport(report), HasSubstr("load-1, import x: row 2 before row 1"));
}

TEST(LoadReportTest, AFailedStreamFailsARunUnlessErrorsAreAllowed) {
  RunFacts facts = Facts(100);
  facts.stream_errors["UNAVAILABLE DRAINING"] = {1, "the server is\ndraining \x1b[31m"};
  EXPECT_THAT(MakeReport(Judged({}), facts).failures, ElementsAre("1 stream failed"));
  const LoadReport report = MakeReport(Judged({"errors<1%"}), facts);
  EXPECT_TRUE(report.passed());
  const std::string text = TextReport(report);
  EXPECT_THAT(text, HasSubstr("[UNAVAILABLE DRAINING] 1: "));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(LoadReportTest, NoAnswerIsNoSuccess) {
  EXPECT_FALSE(MakeReport(Judged({}), RunFacts()).passed());
}

TEST(LoadReportTest, FairnessIsJainsIndex) {
  RunFacts facts;
  facts.answered_by_organization = {10, 10, 10, 10};
  EXPECT_DOUBLE_EQ(facts.fairness(), 1);
  facts.answered_by_organization = {40, 0, 0, 0};
  EXPECT_DOUBLE_EQ(facts.fairness(), 0.25);
}

}  // namespace
}  // namespace provisioning
