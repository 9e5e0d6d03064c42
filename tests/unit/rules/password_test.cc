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
using testing::Not;

CheckedRow Check(std::string_view cell) { return CheckCell(Column::kInitialPassword, cell); }

TEST(PasswordTest, TakesPasswordsOfAllScripts) {
  const char* const emoji =
      "\U0001f600\U0001f680\U0001f340\U0001f9e1\U0001f4a1\U0001f355\U0001f3b5\U0001f31f";
  const std::string table[] = {"x7$Kq!pL",
                               "=cmd()|'/C calc'!A0",
                               "#N/A-is-my-word",
                               "-minus-and-more",
                               "'; DROP TABLE clients;--",
                               "Gr\u00fc\u00dfgott-\u00c4\u00f6",
                               "\u043f\u0430\u0440\u043e\u043b\u044c\u0436\u0449",
                               "\u5bc6\u78bc\u5f88\u96e3\u731c\u5230\u5427\u597d",
                               emoji,
                               "horse battery staple tuna"};
  for (const std::string& cell : table) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(row.violations(), IsEmpty()) << cell;
    EXPECT_THAT(row.warnings(), IsEmpty()) << cell;
    EXPECT_EQ(row.password().Reveal(), cell);
  }
}

TEST(PasswordTest, LengthIsCountedInCodePointsAfterPreparation) {
  for (const char* character :
       {"x", "\u00e9", "\u65e5", "\U0001f600", "e\u0301", "\u1112\u1161\u11ab"}) {
    EXPECT_THAT(CodesOf(Check(Repeat(character, 7)).violations()), ElementsAre(Code::kTooShort));
    EXPECT_TRUE(Check(Repeat(character, 8)).accepted()) << character;
    EXPECT_TRUE(Check(Repeat(character, 256)).accepted()) << character;
    EXPECT_THAT(CodesOf(Check(Repeat(character, 257)).violations()), ElementsAre(Code::kTooLong));
  }
}

TEST(PasswordTest, SaysWhatIsWrong) {
  const std::pair<std::string, std::vector<Code>> table[] = {
      {"", {Code::kRequired}},
      {" ", {Code::kTooShort}},
      {"long enough\n", {Code::kControlCharacter}},
      {std::string("long\0enough", 11), {Code::kControlCharacter}},
      {"a\tb", {Code::kControlCharacter, Code::kTooShort}},
      {"long\u200benough", {Code::kUnassignedCharacter}},
      {"a\n\u200b", {Code::kControlCharacter, Code::kUnassignedCharacter, Code::kTooShort}},
      {"\xffshort", {Code::kInvalidUtf8}},
      {std::string(1 << 20, 'x'), {Code::kTooLong}},
      {std::string(1 << 20, '\0'), {Code::kTooLong}},
  };
  for (const auto& [cell, codes] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_EQ(CodesOf(row.violations()), codes) << cell.substr(0, 40);
    EXPECT_TRUE(row.password().empty());
    for (const FieldIssue& issue : row.violations()) {
      EXPECT_EQ(issue.field, "initial_password");
      EXPECT_EQ(issue.suggestion, "");
    }
  }
}

TEST(PasswordTest, IsPreparedForTheHash) {
  EXPECT_EQ(Check("Cafe\u0301\u00a0Lantern").password().Reveal(), "Caf\u00e9 Lantern");
}

TEST(PasswordTest, MayBeAbsentWhereItIsNotNeeded) {
  const CheckedRow row = CheckRow(RowWith(Column::kInitialPassword, ""), PasswordNeed::kOptional);
  EXPECT_TRUE(row.accepted());
  EXPECT_TRUE(row.password().empty());
}

TEST(PasswordTest, IsCheckedWhereItIsGivenAlthoughNotNeeded) {
  const CheckedRow row =
      CheckRow(RowWith(Column::kInitialPassword, "short"), PasswordNeed::kOptional);
  EXPECT_THAT(CodesOf(row.violations()), ElementsAre(Code::kTooShort));
}

TEST(PasswordTest, TheMinimumCanBeRaisedAndNotLowered) {
  const FakeClock clock = ClockAtNoon();
  const auto accepts = [&](int characters_min, std::string_view password) {
    return RowRules(clock, {characters_min})
        .Check(RowWith(Column::kInitialPassword, password), PasswordNeed::kRequired)
        .accepted();
  };
  EXPECT_FALSE(accepts(12, "x7$Kq!pLa9Q"));
  EXPECT_TRUE(accepts(12, "x7$Kq!pLa9Qz"));
  EXPECT_FALSE(accepts(1, "x7$Kq!p"));
  EXPECT_TRUE(accepts(1, "x7$Kq!pL"));
}

TEST(PasswordTest, WeakOnesAreTakenWithAWarning) {
  for (const char* cell : {"password", "12345678", "aaaaaaaa", "Passw0rd!", "qwertyuiop",
                           "annasmith", "AnnaSmith1", "anna.smith"}) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted()) << cell;
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kWeakPassword)) << cell;
  }
}

TEST(PasswordTest, WhatIsKnownOfThePersonMakesItWeak) {
  ClientRow row = RowWith(Column::kInitialPassword, "Oluwaseyifunmi");
  EXPECT_THAT(CheckRow(std::move(row)).warnings(), IsEmpty());
  row = RowWith(Column::kInitialPassword, "Oluwaseyifunmi");
  row.last_name = "Oluwaseyifunmi";
  EXPECT_THAT(CodesOf(CheckRow(std::move(row)).warnings()), ElementsAre(Code::kWeakPassword));
}

TEST(PasswordTest, EdgeSpacesAreKeptWithAWarning) {
  for (const char* cell : {" Harbour-Lantern-42", "Harbour-Lantern-42 ", "\u3000Harbour-Lantern"}) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted());
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kPasswordEdgeSpace)) << cell;
    EXPECT_EQ(row.password().size(), std::string_view(cell).size() - (cell[0] == '\xe3' ? 2 : 0));
  }
}

// Every cell holds the password, as when columns have slipped.
TEST(PasswordTest, NoMessageRepeatsIt) {
  for (const char* password : {"Canary-Secret-1", "20.11.1981", "19811120", "29910.123",
                               "Anna@Example.com", "=cmd(12345)", "#CANARY12!"}) {
    ClientRow row;
    row.initial_password = SecretString(password);
    row.email_address = row.first_name = row.last_name = row.birthdate = row.gender = password;
    const CheckedRow checked = CheckRow(std::move(row));
    ASSERT_FALSE(checked.violations().empty());
    for (const auto* issues : {&checked.violations(), &checked.warnings()}) {
      for (const FieldIssue& issue : *issues) {
        EXPECT_THAT(issue.message, Not(HasSubstr(password)));
        EXPECT_THAT(issue.suggestion, Not(HasSubstr(password)));
      }
    }
  }
}

TEST(PasswordTest, NoSuggestionOrDayRepeatsIt) {
  for (const char* cell : {"20.11.1981", "29910", "=\"19811120\""}) {
    ClientRow row = RowWith(Column::kInitialPassword, "19811120");
    row.birthdate = cell;
    const CheckedRow checked = CheckRow(std::move(row));
    ASSERT_EQ(checked.violations().size(), 1u);
    EXPECT_THAT(checked.violations()[0].message, Not(HasSubstr("19811120")));
    EXPECT_EQ(checked.violations()[0].suggestion, "");
  }
}

TEST(PasswordTest, ARejectedRowDropsIt) {
  EXPECT_TRUE(CheckCell(Column::kGender, "X").password().empty());
}

}  // namespace
}  // namespace provisioning
