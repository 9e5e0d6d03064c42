// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::ElementsAre;
using testing::IsEmpty;

CheckedRow Check(std::string_view cell) { return CheckCell(Column::kGender, cell); }

TEST(GenderTest, TakesMAndFAndNothing) {
  const std::pair<const char*, char> table[] = {{"M", 'M'}, {"F", 'F'}, {"", 0}, {" ", 0}};
  for (const auto& [cell, gender] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted()) << cell;
    EXPECT_THAT(row.warnings(), IsEmpty()) << cell;
    EXPECT_EQ(row.profile().gender, gender);
  }
}

TEST(GenderTest, TrimsWithAWarning) {
  const CheckedRow row = Check(" F");
  EXPECT_EQ(row.profile().gender, 'F');
  EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kTrimmed));
}

TEST(GenderTest, SuggestsOnlyWhatIsClear) {
  const std::pair<const char*, const char*> table[] = {
      {"m", "M"}, {"f", "F"}, {"Male", "M"}, {"FEMALE", "F"}, {"w", ""},
      {"X", ""},  {"MF", ""}, {"1", ""},     {"divers", ""},  {"\u041c", ""}};
  for (const auto& [cell, suggestion] : table) {
    const CheckedRow row = Check(cell);
    ASSERT_THAT(CodesOf(row.violations()), ElementsAre(Code::kGenderValue)) << cell;
    EXPECT_EQ(row.violations()[0].suggestion, suggestion) << cell;
    EXPECT_EQ(row.profile().gender, 0);
  }
}

TEST(GenderTest, NamesTheDamage) {
  const std::tuple<std::string, Code, const char*> table[] = {
      {"#N/A", Code::kSpreadsheetError, ""},
      {"=\"M\"", Code::kSpreadsheetFormula, "M"},
      {"=cmd()", Code::kSpreadsheetFormula, ""},
      {std::string("M\0F", 3), Code::kControlCharacter, ""},
      {"\xed\xa0\x80", Code::kInvalidUtf8, ""},
      {std::string(65536, 'M'), Code::kTooLong, ""}};
  for (const auto& [cell, code, suggestion] : table) {
    const CheckedRow row = Check(cell);
    ASSERT_THAT(CodesOf(row.violations()), ElementsAre(code)) << cell;
    EXPECT_EQ(row.violations()[0].suggestion, suggestion);
  }
}

}  // namespace
}  // namespace provisioning
