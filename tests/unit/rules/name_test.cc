// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::ElementsAre;
using testing::IsEmpty;

CheckedRow Check(std::string_view cell) { return CheckCell(Column::kFirstName, cell); }

TEST(NameTest, TakesNamesOfTheWorld) {
  const std::string table[] = {"Anna",
                               "O'Brien-Smith Jr.",
                               "Bj\u00f6rk",
                               "\u674e\u5c0f\u9f8d",
                               "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
                               "\u05d3\u05d5\u05d3",
                               "'; DROP TABLE clients;--",
                               "Robert\"); --",
                               "-",
                               "+Anna",
                               "\u845b\U000E0100",
                               "\U000323B0",
                               "A",
                               std::string(200, 'x'),
                               Repeat("\U00020000", 200),
                               Repeat("\u00e9", 200)};
  for (const std::string& cell : table) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(row.violations(), IsEmpty()) << cell;
    EXPECT_THAT(row.warnings(), IsEmpty()) << cell;
    EXPECT_EQ(row.profile().first_name, cell);
  }
}

TEST(NameTest, SaysWhatIsWrong) {
  const std::pair<std::string, Code> table[] = {
      {"", Code::kRequired},
      {" \t\u3000\ufeff", Code::kRequired},
      {"\u200b\u200e", Code::kRequired},
      {std::string(201, 'x'), Code::kTooLong},
      {Repeat("\u00e9", 201), Code::kTooLong},
      {std::string(65536, 'x'), Code::kTooLong},
      {Repeat("e\u0301", 201), Code::kTooLong},
      {std::string("An\0na", 5), Code::kControlCharacter},
      {"An\tna", Code::kControlCharacter},
      {"An\x7fna", Code::kControlCharacter},
      {"An\u0085na", Code::kControlCharacter},
      {"An\u2029na", Code::kControlCharacter},
      {"An\u0378na", Code::kUnassignedCharacter},
      {"An\uffffna", Code::kUnassignedCharacter},
      {"An\ufdd0na", Code::kUnassignedCharacter},
      {"#NAME?", Code::kSpreadsheetError},
      {"#N/A", Code::kSpreadsheetError},
      {"=cmd()", Code::kSpreadsheetFormula},
      {"=1+1", Code::kSpreadsheetFormula},
      {"\xc0\x80", Code::kInvalidUtf8},          // Overlong.
      {"\xed\xa0\x80", Code::kInvalidUtf8},      // A surrogate.
      {"Ann\xc3", Code::kInvalidUtf8},           // Truncated.
      {"\xf4\x90\x80\x80", Code::kInvalidUtf8},  // Above U+10FFFF.
      {"M\xfcller", Code::kInvalidUtf8},         // Windows-1252.
  };
  for (const auto& [cell, code] : table) {
    for (const Column column : {Column::kFirstName, Column::kLastName}) {
      const CheckedRow row = CheckCell(column, cell);
      ASSERT_THAT(CodesOf(row.violations()), ElementsAre(code)) << cell;
      EXPECT_EQ(row.violations()[0].field, ColumnName(column));
    }
  }
}

TEST(NameTest, SuggestsTheTextInAFormula) {
  EXPECT_EQ(Check("=\"Anna\"").violations()[0].suggestion, "Anna");
  EXPECT_EQ(Check("=\"An\"&\"na\"").violations()[0].suggestion, "");
}

TEST(NameTest, TwinsAreStoredInOneForm) {
  const std::pair<const char*, const char*> table[] = {{"Bjo\u0308rk", "Bj\u00f6rk"},
                                                       {"\u1112\u1161\u11ab", "\ud55c"},
                                                       {"\u212bsa", "\u00c5sa"},
                                                       {"e\u0323\u0302", "\u1ec7"},
                                                       {"e\u0302\u0323", "\u1ec7"}};
  for (const auto& [cell, stored] : table) {
    EXPECT_EQ(Check(cell).profile().first_name, stored);
    EXPECT_THAT(Check(cell).warnings(), IsEmpty());
  }
}

TEST(NameTest, TwoHundredCharactersCountAfterNormalization) {
  EXPECT_TRUE(Check(Repeat("e\u0301", 200)).accepted());
}

TEST(NameTest, ManyCombiningMarksCostNoTime) {
  // Classes that alternate are the worst case of sorting them.
  const CheckedRow row = Check("a" + Repeat("\u0301\u0323", 1000));
  EXPECT_THAT(CodesOf(row.violations()), ElementsAre(Code::kTooLong));
}

TEST(NameTest, TrimsWithAWarning) {
  for (const char* cell : {" Anna", "Anna\u00a0", "\ufeffAnna", "\tAnna\r\n"}) {
    const CheckedRow row = Check(cell);
    EXPECT_EQ(row.profile().first_name, "Anna");
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kTrimmed)) << cell;
  }
}

TEST(NameTest, WarnsAboutWhatLooksLikeSomethingElse) {
  for (const char* cell : {"anna@example.com", "Anna2", "19811120", "An\u0662a", "@anna"}) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted()) << cell;
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kNameSuspicious)) << cell;
  }
}

TEST(NameTest, WarnsAboutWhatCannotBeSeen) {
  for (const char* cell : {"An\u200bna", "Anna\u200e", "\u202eAnna", "An\u200cna", "A\u00adnna"}) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted()) << cell;
    ASSERT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kInvisibleCharacter)) << cell;
    EXPECT_EQ(row.warnings()[0].suggestion, "Anna");
    EXPECT_EQ(row.profile().first_name, cell);
  }
}

TEST(NameTest, ARejectedRowKeepsWhatCanBeRead) {
  EXPECT_EQ(Check(" " + std::string(201, 'x')).profile().first_name, std::string(201, 'x'));
  EXPECT_EQ(Check("A\u0378e\u0301").profile().first_name, "A\u0378\u00e9");
  EXPECT_EQ(Check("\xff").profile().first_name, "");
}

}  // namespace
}  // namespace provisioning
