// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string argon2id =
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$"
    "YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg";
const std::string bcrypt = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";

// A row with the cell and without a password.
CheckedRow Check(std::string_view cell) { return CheckCell(Column::kPasswordHash, cell); }

ClientRow RowWithBoth(std::string_view hash) {
  ClientRow row = GoodRow();
  row.password_hash = SecretString(hash);
  return row;
}

TEST(PasswordHashTest, StandsInForThePassword) {
  for (const std::string& hash : {argon2id, bcrypt}) {
    const CheckedRow row = Check(hash);
    EXPECT_TRUE(row.accepted()) << hash;
    EXPECT_THAT(row.warnings(), IsEmpty());
    ASSERT_TRUE(row.imported_hash().has_value());
    EXPECT_EQ(row.imported_hash()->text(), hash);
    EXPECT_TRUE(row.has_password());
    EXPECT_TRUE(row.password().empty());
  }
}

TEST(PasswordHashTest, SaysWhatIsWrong) {
  const std::pair<std::string, Code> table[] = {
      {"Harbour-Lantern-42", Code::kPasswordHashScheme},
      {"$1$saltsalt$//251epTQaKpm7/bnAD.Z.", Code::kPasswordHashScheme},
      {"{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3", Code::kPasswordHashScheme},
      {"#N/A", Code::kPasswordHashScheme},
      {"=\"" + bcrypt + "\"", Code::kPasswordHashScheme},
      {bcrypt.substr(0, 59), Code::kPasswordHashFormat},
      {bcrypt.substr(0, 30) + "\n" + bcrypt.substr(31), Code::kPasswordHashFormat},
      {std::string("$2a$\0", 5), Code::kPasswordHashFormat},
      {"$argon2id$v=19$t=3,m=65536,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8Ar",
       Code::kPasswordHashFormat},
      {"$2a$04" + bcrypt.substr(6), Code::kPasswordHashTooWeak},
      {"$2a$31" + bcrypt.substr(6), Code::kPasswordHashTooCostly},
      {"$argon2id$v=19$m=4096,t=3,p=1" + argon2id.substr(30), Code::kPasswordHashTooWeak},
      {"$argon2id$v=19$m=4194304,t=3,p=1" + argon2id.substr(30), Code::kPasswordHashTooCostly},
      {bcrypt.substr(0, 59) + "\xff", Code::kInvalidUtf8},
      {argon2id + std::string(200, 'A'), Code::kTooLong},
      {std::string(1 << 20, '$'), Code::kTooLong},
  };
  for (const auto& [cell, code] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(CodesOf(row.violations()), ElementsAre(code)) << cell.substr(0, 80);
    EXPECT_EQ(row.violations()[0].field, "password_hash");
    EXPECT_FALSE(row.has_password());
  }
}

TEST(PasswordHashTest, SaysWhatIsTaken) {
  const auto message = [](const std::string& cell) { return Check(cell).violations()[0].message; };
  EXPECT_THAT(message("$6$salt$hash"),
              AllOf(HasSubstr("argon2id ($argon2id$) and bcrypt ($2a$, $2b$, $2y$)"),
                    HasSubstr("initial_password")));
  EXPECT_THAT(message("$2a$09" + bcrypt.substr(6)), HasSubstr("at least cost 10 "));
  EXPECT_THAT(message("$2a$15" + bcrypt.substr(6)), HasSubstr("at most cost 14 "));
  EXPECT_THAT(message("$argon2id$v=19$m=8,t=1,p=1" + argon2id.substr(30)),
              HasSubstr("at least m=7168, and m times t 35840 "));
}

TEST(PasswordHashTest, IsTrimmedWithAWarning) {
  for (const std::string& cell : {" " + bcrypt, bcrypt + "\r\n", "\u00a0" + bcrypt + "\t"}) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kTrimmed));
    ASSERT_TRUE(row.imported_hash().has_value());
    EXPECT_EQ(row.imported_hash()->text(), bcrypt);
  }
}

TEST(PasswordHashTest, ABlankCellIsNone) {
  for (const char* cell : {"", " ", "\t\u00a0"}) {
    EXPECT_TRUE(CheckRow(RowWithBoth(cell)).accepted());
    ClientRow row = RowWithBoth(cell);
    row.initial_password = SecretString();
    EXPECT_THAT(CodesOf(CheckRow(row.Clone()).violations()), ElementsAre(Code::kRequired));
    EXPECT_FALSE(CheckRow(std::move(row), PasswordNeed::kOptional).has_password());
  }
}

TEST(PasswordHashTest, NotBesideAPassword) {
  const CheckedRow row = CheckRow(RowWithBoth(bcrypt));
  EXPECT_THAT(CodesOf(row.violations()), ElementsAre(Code::kPasswordHashAndPassword));
  EXPECT_EQ(row.violations()[0].field, "password_hash");
  EXPECT_FALSE(row.has_password());
}

TEST(PasswordHashTest, IsTheLastColumn) {
  ClientRow row = RowWithBoth("$6$salt$hash");
  row.initial_password = SecretString("short");
  row.gender = "x";
  EXPECT_THAT(CodesOf(CheckRow(std::move(row)).violations()),
              ElementsAre(Code::kTooShort, Code::kGenderValue, Code::kPasswordHashAndPassword,
                          Code::kPasswordHashScheme));
}

TEST(PasswordHashTest, ARejectedRowDropsIt) {
  ClientRow row = RowWith(Column::kPasswordHash, bcrypt);
  row.gender = "x";
  EXPECT_FALSE(CheckRow(std::move(row)).has_password());
}

// Every cell holds what stands in the column: it may be a password.
TEST(PasswordHashTest, NoMessageRepeatsIt) {
  for (const std::string& secret :
       {std::string("Canary-Secret-1"), std::string("20.11.1981"), std::string("19811120"),
        std::string("29910.123"), std::string("Anna@Example.com"), bcrypt, argon2id}) {
    ClientRow row;
    row.password_hash = SecretString(secret);
    row.email_address = row.first_name = row.last_name = row.birthdate = row.gender = secret;
    const CheckedRow checked = CheckRow(std::move(row));
    ASSERT_FALSE(checked.violations().empty());
    for (const auto* issues : {&checked.violations(), &checked.warnings()}) {
      for (const FieldIssue& issue : *issues) {
        EXPECT_THAT(issue.message, Not(HasSubstr(secret)));
        EXPECT_THAT(issue.suggestion, Not(HasSubstr(secret)));
      }
    }
  }
}

TEST(PasswordHashTest, InThePasswordsColumnItIsTakenWithAWarning) {
  for (const std::string& hash :
       {argon2id, bcrypt, "$2a$04" + bcrypt.substr(6), "$2a$31" + bcrypt.substr(6)}) {
    const CheckedRow row = CheckCell(Column::kInitialPassword, hash);
    EXPECT_TRUE(row.accepted());
    EXPECT_EQ(row.password().Reveal(), hash);
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kPasswordLooksHashed)) << hash;
  }
  EXPECT_THAT(CheckCell(Column::kInitialPassword, bcrypt.substr(0, 59)).warnings(), IsEmpty());
  EXPECT_THAT(CheckCell(Column::kInitialPassword, "$2a$-my-Harbour").warnings(), IsEmpty());
}

}  // namespace
}  // namespace provisioning
