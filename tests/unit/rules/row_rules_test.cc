// SPDX-License-Identifier: Apache-2.0
#include "service/rules/row_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(RowRulesTest, AGoodRowIsTakenAsItIs) {
  const CheckedRow row = CheckRow(GoodRow());
  EXPECT_TRUE(row.accepted());
  EXPECT_THAT(row.warnings(), IsEmpty());
  EXPECT_EQ(row.row_number(), 7);
  EXPECT_EQ(row.email_address(), "anna.smith@example.com");
  EXPECT_EQ(row.password().Reveal(), "Harbour-Lantern-42");
  EXPECT_EQ(row.profile(), (ClientProfile{"Anna", "Smith", 19811120, 'F'}));
}

TEST(RowRulesTest, OptionalCellsMayBeBlank) {
  ClientRow row = GoodRow();
  row.birthdate.clear();
  row.gender.clear();
  const CheckedRow checked = CheckRow(std::move(row));
  EXPECT_TRUE(checked.accepted());
  EXPECT_EQ(checked.profile(), (ClientProfile{"Anna", "Smith", 0, 0}));
}

TEST(RowRulesTest, AnEmptyRowLacksEveryRequiredCell) {
  const CheckedRow row = CheckRow(ClientRow());
  EXPECT_THAT(CodesOf(row.violations()),
              ElementsAre(Code::kRequired, Code::kRequired, Code::kRequired, Code::kRequired));
}

TEST(RowRulesTest, EveryViolationIsReportedInColumnOrder) {
  ClientRow row;
  row.email_address = "Anna@localhost";
  row.initial_password = SecretString("short\x01");
  row.first_name = "\xff";
  row.last_name = "=1";
  row.birthdate = "1.9E+07";
  row.gender = "x";
  const CheckedRow checked = CheckRow(std::move(row));
  EXPECT_THAT(CodesOf(checked.violations()),
              ElementsAre(Code::kEmailUpperCase, Code::kEmailDomain, Code::kControlCharacter,
                          Code::kTooShort, Code::kInvalidUtf8, Code::kSpreadsheetFormula,
                          Code::kDateScientific, Code::kGenderValue));
}

TEST(RowRulesTest, ARejectedRowKeepsItsOtherCells) {
  const CheckedRow row = CheckCell(Column::kGender, "x");
  EXPECT_FALSE(row.accepted());
  EXPECT_EQ(row.row_number(), 7);
  EXPECT_EQ(row.email_address(), "anna.smith@example.com");
  EXPECT_EQ(row.profile(), (ClientProfile{"Anna", "Smith", 19811120, 0}));
}

TEST(RowRulesTest, EveryMessageIsASentence) {
  for (const char* cell : {"", "\xff", "#N/A", "=1", "\x01", "Anna@", "x"}) {
    for (int i = 0; i < column_count; ++i) {
      const CheckedRow row = CheckCell(static_cast<Column>(i), cell);
      for (const FieldIssue& issue : row.violations()) {
        EXPECT_TRUE(issue.message.ends_with('.')) << issue.message;
        EXPECT_FALSE(issue.message.starts_with(' ')) << issue.message;
      }
    }
  }
}

}  // namespace
}  // namespace provisioning
