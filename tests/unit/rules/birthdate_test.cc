// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CheckedRow Check(std::string_view cell) { return CheckCell(Column::kBirthdate, cell); }

TEST(BirthdateTest, TakesRealDays) {
  const std::pair<const char*, int> table[] = {{"", 0},
                                               {"   ", 0},
                                               {"19811120", 19811120},
                                               {"20000229", 20000229},
                                               {"19960229", 19960229},
                                               {"19991231", 19991231},
                                               {"19160701", 19160701},
                                               {"20210701", 20210701}};
  for (const auto& [cell, date] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(row.violations(), IsEmpty()) << cell;
    EXPECT_THAT(row.warnings(), IsEmpty()) << cell;
    EXPECT_EQ(row.profile().birthdate, date);
  }
}

struct Bad {
  std::string cell;
  Code code;
  std::string suggestion = {};
};

TEST(BirthdateTest, NamesTheDamageAndNeverGuesses) {
  const Bad table[] = {
      {"19000229", Code::kDateNotReal},
      {"20230229", Code::kDateNotReal},
      {"20210431", Code::kDateNotReal},
      {"19810001", Code::kDateNotReal},
      {"19811301", Code::kDateNotReal},
      {"19811100", Code::kDateNotReal},
      {"00000000", Code::kDateNotReal},
      {"20111981", Code::kDateNotReal, "19811120"},
      {"11201981", Code::kDateNotReal, "19811120"},
      {"10111981", Code::kDateNotReal},
      {"18991231", Code::kDateTooEarly},
      {"00010101", Code::kDateTooEarly},
      {"20260702", Code::kDateInFuture},
      {"99991231", Code::kDateInFuture},
      {"1981-11-20", Code::kDateFormat, "19811120"},
      {"1981-1-5", Code::kDateFormat, "19810105"},
      {"1981/11/20", Code::kDateFormat, "19811120"},
      {"1981-11-20T00:00:00Z", Code::kDateFormat, "19811120"},
      {"1981-11-20 00:00:00", Code::kDateFormat, "19811120"},
      {"1981-11-19T23:00:00Z", Code::kDateFormat},
      {"1981-11-31", Code::kDateFormat},
      {"1881-11-20", Code::kDateFormat},
      {"2081-11-20", Code::kDateFormat},
      {"20.11.1981", Code::kDateFormat, "19811120"},
      {"20. 11. 1981", Code::kDateFormat, "19811120"},
      {"11/20/1981", Code::kDateFormat, "19811120"},
      {"20/11/1981", Code::kDateFormat, "19811120"},
      {"05.05.1981", Code::kDateFormat, "19810505"},
      {"05.11.1981", Code::kDateFormat},
      {"11/05/1981", Code::kDateFormat},
      {"20.11.81", Code::kDateFormat},
      {"20-11/1981", Code::kDateFormat},
      {"1981", Code::kDateFormat},
      {"811120", Code::kDateFormat},
      {"1111981", Code::kDateFormat},
      {"198111200", Code::kDateFormat},
      {"19811120.0", Code::kDateFormat, "19811120"},
      {"'19811120", Code::kDateFormat, "19811120"},
      {"-9811120", Code::kDateFormat},
      {"1981112o", Code::kDateFormat},
      {"20 Nov 1981", Code::kDateFormat},
      {"\uff11\uff19\uff18\uff11\uff11\uff11\uff12\uff10", Code::kDateFormat},
      {"unknown", Code::kDateFormat},
      {"29910", Code::kDateSerialNumber},
      {"29910.5", Code::kDateSerialNumber},
      {"1.9811E+07", Code::kDateScientific},
      {"1,9811E+07", Code::kDateScientific},
      {"2e7", Code::kDateScientific},
      {"=\"19811120\"", Code::kSpreadsheetFormula, "19811120"},
      {"=\"1981\"", Code::kSpreadsheetFormula},
      {"=TODAY()", Code::kSpreadsheetFormula},
      {"=cmd()", Code::kSpreadsheetFormula},
      {"#N/A", Code::kSpreadsheetError},
      {"#REF!", Code::kSpreadsheetError},
      {"#VALUE!", Code::kSpreadsheetError},
      {"#NAME?", Code::kSpreadsheetError},
      {"#DIV/0!", Code::kSpreadsheetError},
      {"#BEZUG!", Code::kSpreadsheetError},
      {"########", Code::kSpreadsheetError},
      {"Err:502", Code::kSpreadsheetError},
      {std::string("1981\0001120", 9), Code::kControlCharacter},
      {"1981\n1120", Code::kControlCharacter},
      {"\xc0\xb1\x39\x38\x31", Code::kInvalidUtf8},
      {std::string(65536, '1'), Code::kTooLong},
  };
  for (const Bad& bad : table) {
    const CheckedRow row = Check(bad.cell);
    ASSERT_THAT(CodesOf(row.violations()), ElementsAre(bad.code)) << bad.cell;
    EXPECT_EQ(row.violations()[0].suggestion, bad.suggestion) << bad.cell;
    EXPECT_EQ(row.violations()[0].field, "birthdate");
  }
}

TEST(BirthdateTest, SaysWhichDayASpreadsheetMeans) {
  EXPECT_THAT(Check("29910").violations()[0].message, HasSubstr("19811120"));
}

TEST(BirthdateTest, TakesTheBounds) {
  const CheckedRow row = Check("19000101");
  EXPECT_TRUE(row.accepted());
  EXPECT_EQ(row.profile().birthdate, 19000101);
}

TEST(BirthdateTest, TodayIsTheClocksDayInUtc) {
  FakeClock clock(
      absl::FromCivil(absl::CivilSecond(2026, 12, 31, 23, 59, 59), absl::UTCTimeZone()));
  const RowRules rules(clock);
  const auto check = [&](const char* date) {
    return rules.Check(RowWith(Column::kBirthdate, date), PasswordNeed::kRequired).accepted();
  };
  EXPECT_TRUE(check("20261231"));
  EXPECT_FALSE(check("20270101"));
  clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(check("20270101"));
  EXPECT_FALSE(check("20270102"));
}

TEST(BirthdateTest, WarnsAboutUnusualAges) {
  for (const char* cell : {"20260701", "20210702", "19150701", "19000101"}) {
    EXPECT_THAT(CodesOf(Check(cell).warnings()), ElementsAre(Code::kBirthdateUnusual)) << cell;
  }
  for (const char* cell : {"20210701", "19150702"}) {
    EXPECT_THAT(Check(cell).warnings(), IsEmpty()) << cell;
  }
}

TEST(BirthdateTest, ARejectedRowKeepsARealDay) {
  EXPECT_EQ(Check("18991231").profile().birthdate, 18991231);
  EXPECT_EQ(Check("20270101").profile().birthdate, 20270101);
  EXPECT_EQ(Check("20230229").profile().birthdate, 0);
}

TEST(BirthdateTest, TrimsWithAWarning) {
  const CheckedRow row = Check("\u00a019811120 ");
  EXPECT_EQ(row.profile().birthdate, 19811120);
  EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kTrimmed));
}

}  // namespace
}  // namespace provisioning
