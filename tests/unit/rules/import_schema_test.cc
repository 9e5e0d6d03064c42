// SPDX-License-Identifier: Apache-2.0
#include "service/rules/import_schema.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

TEST(ImportSchemaTest, TheExamplesAreTakenWithoutAWarning) {
  ClientRow row;
  row.row_number = 1;
  for (const ColumnRule& rule : ColumnRules()) {
    const CheckedRow checked = CheckCell(rule.column, rule.example);
    EXPECT_TRUE(checked.accepted()) << rule.example;
    EXPECT_TRUE(checked.warnings().empty()) << rule.example;
  }
}

TEST(ImportSchemaTest, ATemplateHasTheColumnsThatPeopleFillIn) {
  EXPECT_EQ(TemplateHeader(),
            "email_address,initial_password,first_name,last_name,birthdate,gender");
}

TEST(ImportSchemaTest, RequiredIsWhatTheRulesRequire) {
  for (const ColumnRule& rule : ColumnRules()) {
    EXPECT_EQ(CheckCell(rule.column, "").accepted(), !rule.required) << ColumnName(rule.column);
  }
}

TEST(ImportSchemaTest, NoValueBeyondTheStatedLimitsIsTaken) {
  for (const ColumnRule& rule : ColumnRules()) {
    EXPECT_LE(static_cast<int>(rule.example.size()), rule.bytes_max);
    EXPECT_FALSE(CheckCell(rule.column, std::string(rule.characters_max + 1, 'a')).accepted());
    if (rule.characters_min > 1) {
      EXPECT_FALSE(
          CheckCell(rule.column, rule.example.substr(0, rule.characters_min - 1)).accepted());
    }
  }
}

TEST(ImportSchemaTest, CodesAreNamedOnceAndDescribed) {
  std::set<std::string_view> names;
  for (const IssueCodeRule& rule : IssueCodeRules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_EQ(FieldIssueCodeName(rule.code), rule.name);
    EXPECT_FALSE(rule.description.empty()) << rule.name;
    EXPECT_EQ(rule.rejects, static_cast<int>(rule.code) < 100) << rule.name;
  }
  EXPECT_EQ(names.size(), 42u);
}

TEST(ImportSchemaTest, AnUnknownCodeHasNoName) {
  EXPECT_EQ(FieldIssueCodeName(static_cast<FieldIssueCode>(99)), "");
  EXPECT_EQ(FieldIssueCodeName(FieldIssueCode::kEmailUpperCase), "EMAIL_UPPER_CASE");
  EXPECT_EQ(FieldIssueCodeName(FieldIssueCode::kPasswordNotRepeatable), "PASSWORD_NOT_REPEATABLE");
}

}  // namespace
}  // namespace provisioning
