// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/rules/utf8.h"
#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

using Code = FieldIssueCode;
using testing::ElementsAre;
using testing::IsEmpty;

CheckedRow Check(std::string_view cell) { return CheckCell(Column::kEmailAddress, cell); }

TEST(EmailAddressTest, TakesAddressesInTheirStoredForm) {
  const std::string local_64(64, 'a');
  const std::string label_63(63, 'b');
  const std::string bytes_254 = "a@" + Repeat(label_63 + ".", 3) + std::string(60, 'c');
  ASSERT_EQ(bytes_254.size(), 254u);
  for (const std::string& cell :
       {std::string("a@b.c"), std::string("anna.smith+news@mail.example.com"),
        std::string("!#$%&'*+-/=?^_`{|}~@example.com"), std::string("=a@example.com"),
        std::string("1@1.example"), std::string("a@xn--mller-kva.example"),
        std::string("a@a-b.example"), local_64 + "@example.com", "a@" + label_63 + ".example",
        bytes_254}) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(row.violations(), IsEmpty()) << cell << ": " << row.violations()[0].message;
    EXPECT_THAT(row.warnings(), IsEmpty()) << cell;
    EXPECT_EQ(row.email_address(), cell);
  }
}

struct Bad {
  std::string cell;
  std::vector<Code> codes;
  std::string suggestion = {};  // Of the first violation.
};

TEST(EmailAddressTest, SaysWhatIsWrong) {
  const std::string bytes_255 =
      "aa@" + Repeat(std::string(63, 'b') + ".", 3) + std::string(60, 'c');
  ASSERT_EQ(bytes_255.size(), 255u);
  const Bad table[] = {
      {"", {Code::kRequired}},
      {" \t\u00a0", {Code::kRequired}},
      {"anna", {Code::kEmailAtSign}},
      {"anna@b@example.com", {Code::kEmailAtSign}},
      {"anna\uff20example.com", {Code::kEmailAtSign}, "anna@example.com"},
      {"@example.com", {Code::kEmailLocalPart}},
      {".anna@example.com", {Code::kEmailLocalPart}},
      {"anna.@example.com", {Code::kEmailLocalPart}},
      {"an..na@example.com", {Code::kEmailLocalPart}},
      {"an(na@example.com", {Code::kEmailLocalPart}},
      {"anna smith@example.com", {Code::kEmailLocalPart}},
      {"anna,smith@example.com", {Code::kEmailLocalPart}},
      {"\"anna smith\"@example.com", {Code::kEmailLocalPart}},
      {"m\u00fcller@example.com", {Code::kEmailLocalPart}},
      {"an\u200bna@example.com", {Code::kEmailLocalPart}, "anna@example.com"},
      {"\u200eanna@example.com", {Code::kEmailLocalPart}, "anna@example.com"},
      {"anna @example.com", {Code::kEmailLocalPart}, "anna@example.com"},
      {"'; drop table clients;--@example.com", {Code::kEmailLocalPart}},
      {"anna@", {Code::kEmailDomain}},
      {"anna@localhost", {Code::kEmailDomain}},
      {"anna@example.", {Code::kEmailDomain}},
      {"anna@example.com.", {Code::kEmailDomain}, "anna@example.com"},
      {"anna@.example.com", {Code::kEmailDomain}},
      {"anna@example..com", {Code::kEmailDomain}},
      {"anna@-a.example", {Code::kEmailDomain}},
      {"anna@a-.example", {Code::kEmailDomain}},
      {"anna@clinic_one.example", {Code::kEmailDomain}},
      {"anna@exam ple.com", {Code::kEmailDomain}},
      {"anna@ example.com", {Code::kEmailDomain}, "anna@example.com"},
      {"anna@example\u3002com", {Code::kEmailDomain}, "anna@example.com"},
      {"anna@\uff45xample.com", {Code::kEmailDomain}, "anna@example.com"},
      {"anna@[127.0.0.1]", {Code::kEmailDomain}},
      {"anna@127.0.0.1", {Code::kEmailDomain}},
      {"anna@ab--c.example", {Code::kEmailDomain}},
      {"anna@xn--a.example", {Code::kEmailDomain}},
      {"anna@xn--zzzz999.example", {Code::kEmailDomain}},
      {"anna@xn--ls8h.example", {Code::kEmailDomain}},
      {"anna@\U0001f44d.example", {Code::kEmailDomain}},
      {"anna@a\u00b7b.example", {Code::kEmailDomain}},
      {"anna@\u05d0a.example", {Code::kEmailDomain}},
      {"anna@" + std::string(64, 'b') + ".example", {Code::kEmailDomain}},
      {std::string(65, 'a') + "@example.com", {Code::kTooLong}},
      {bytes_255, {Code::kTooLong}},
      {std::string(5000, 'a') + "@example.com", {Code::kTooLong}},
      {".a@b", {Code::kEmailLocalPart, Code::kEmailDomain}},
      {"Anna@Example.com", {Code::kEmailUpperCase}, "anna@example.com"},
      {"anna@example.COM", {Code::kEmailUpperCase}, "anna@example.com"},
      {"anna@M\u00dcLLER.example", {Code::kEmailUpperCase}, "anna@m\u00fcller.example"},
      {"Anna@localhost", {Code::kEmailUpperCase, Code::kEmailDomain}, "anna@localhost"},
      {"Anna Smith <Anna@example.com>", {Code::kEmailNotBare}, "anna@example.com"},
      {"<anna@example.com>", {Code::kEmailNotBare}, "anna@example.com"},
      {"Anna <anna>", {Code::kEmailNotBare}},
      {"a@b.example <a@b.example> <c@d.example>", {Code::kEmailNotBare}},
      {"mailto:anna@example.com", {Code::kEmailNotBare}, "anna@example.com"},
      {"MAILTO:anna@example.com?subject=Hi", {Code::kEmailNotBare}, "anna@example.com"},
      {"\"anna@example.com\"", {Code::kEmailNotBare}, "anna@example.com"},
      {"anna@example.com;", {Code::kEmailNotBare}, "anna@example.com"},
      {"a@x.example;b@y.example", {Code::kEmailNotBare}},
      {"a@x.example, b@y.example", {Code::kEmailNotBare}},
      {"a@x.example b@y.example", {Code::kEmailNotBare}},
      {"#N/A", {Code::kSpreadsheetError}},
      {"=cmd()", {Code::kSpreadsheetFormula}},
      {"=\"anna@example.com\"", {Code::kSpreadsheetFormula}, "anna@example.com"},
      {"=HYPERLINK(\"mailto:a@b.example\")", {Code::kSpreadsheetFormula}},
      {std::string("an\0na@example.com", 17), {Code::kControlCharacter}},
      {"an\nna@example.com", {Code::kControlCharacter}},
      {"an\u0085na@example.com", {Code::kControlCharacter}},
      {"an\u2028na@example.com", {Code::kControlCharacter}},
      {"\xff@example.com", {Code::kInvalidUtf8}},
  };
  for (const Bad& bad : table) {
    const CheckedRow row = Check(bad.cell);
    ASSERT_EQ(CodesOf(row.violations()), bad.codes) << bad.cell;
    EXPECT_EQ(row.violations()[0].suggestion, bad.suggestion) << bad.cell;
    EXPECT_EQ(row.violations()[0].field, "email_address");
  }
}

TEST(EmailAddressTest, EverySuggestionIsTakenAsItIs) {
  for (const char* cell : {"Anna@Example.com", "anna @example.com", "<Anna@example.com>",
                           "anna@example\u3002com", "anna\uff20example.com"}) {
    const CheckedRow row = Check(cell);
    ASSERT_EQ(row.violations().size(), 1u) << cell;
    EXPECT_TRUE(Check(row.violations()[0].suggestion).accepted()) << cell;
  }
}

TEST(EmailAddressTest, StoresALabelsAndWarns) {
  const std::pair<const char*, const char*> table[] = {
      {"anna@m\u00fcller.example", "anna@xn--mller-kva.example"},
      {"anna@mu\u0308ller.example", "anna@xn--mller-kva.example"},
      {"anna@stra\u00dfe.example", "anna@xn--strae-oqa.example"},
      {"anna@\u65e5\u672c.example", "anna@xn--wgv71a.example"},
      {"anna@\u05d0\u05d1.example", "anna@xn--4dbc.example"}};
  for (const auto& [cell, stored] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_THAT(row.violations(), IsEmpty()) << cell;
    EXPECT_EQ(row.email_address(), stored);
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kEmailDomainEncoded)) << cell;
  }
}

TEST(EmailAddressTest, MeasuresTheStoredForm) {
  // 53 times u with an umlaut is 106 bytes, and 63 as an A-label; three such
  // labels make 319 bytes of UTF-8.
  const std::string label = Repeat("\u00fc", 53);
  const CheckedRow row = Check("a@" + label + "." + label + "." + label + ".example");
  EXPECT_THAT(row.violations(), IsEmpty());
  EXPECT_LE(row.email_address().size(), 254u);
}

TEST(EmailAddressTest, TrimsWithAWarning) {
  for (const char* cell :
       {" anna@example.com", "anna@example.com \t\r\n", "\u00a0anna@example.com\u3000",
        "\ufeffanna@example.com", "\u00a0 \ufeff anna@example.com \ufeff\u2003"}) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted()) << cell;
    EXPECT_EQ(row.email_address(), "anna@example.com");
    EXPECT_THAT(CodesOf(row.warnings()), ElementsAre(Code::kTrimmed)) << cell;
  }
}

TEST(EmailAddressTest, WarnsAboutMisspeltProviders) {
  const std::pair<const char*, const char*> table[] = {
      {"anna@gmial.com", "anna@gmail.com"},   {"anna@hotmial.com", "anna@hotmail.com"},
      {"anna@gmail.con", "anna@gmail.com"},   {"anna@gmial.con", "anna@gmail.com"},
      {"anna@clinic.con", "anna@clinic.com"}, {"anna@yahoo.co", "anna@yahoo.com"},
      {" anna@gmial.com", "anna@gmail.com"}};
  for (const auto& [cell, suggestion] : table) {
    const CheckedRow row = Check(cell);
    EXPECT_TRUE(row.accepted());
    ASSERT_FALSE(row.warnings().empty()) << cell;
    EXPECT_EQ(row.warnings().back().code, Code::kEmailDomainTypo);
    EXPECT_EQ(row.warnings().back().suggestion, suggestion);
  }
  for (const char* cell : {"anna@gmail.com", "anna@gmx.at", "anna@yahoo.co.uk", "anna@mail.com"}) {
    EXPECT_THAT(Check(cell).warnings(), IsEmpty()) << cell;
  }
}

TEST(EmailAddressTest, ARejectedRowKeepsWhatCanBeRead) {
  EXPECT_EQ(Check(" Anna@example.com").email_address(), "Anna@example.com");
  EXPECT_EQ(Check("a..b@m\u00fcller.example").email_address(), "a..b@xn--mller-kva.example");
  EXPECT_EQ(Check("\xff\xfe@example.com").email_address(), "\ufffd\ufffd@example.com");
  EXPECT_EQ(Check(std::string("a\0b@c.de", 8)).email_address(), "a\ufffdb@c.de");
}

TEST(EmailAddressTest, ARejectedAddressIsCutAtACharacter) {
  for (int i = 0; i < 4; ++i) {
    const CheckedRow row = Check(std::string(i, 'x') + Repeat("\U0001f600", 2000));
    EXPECT_LE(row.email_address().size(), 254u);
    EXPECT_GE(row.email_address().size(), 251u);
    EXPECT_TRUE(IsUtf8(row.email_address()));
  }
}

TEST(EmailAddressTest, MessagesQuoteTheCellShortAndPrintable) {
  EXPECT_THAT(Check("an\u202ena\n@example.com").violations()[0].message,
              testing::StartsWith("\"an\\u{202E}na\\u{A}@example.com\" "));
  const CheckedRow row = Check(std::string(100, 'x'));
  EXPECT_THAT(row.violations()[0].message,
              testing::StartsWith("\"" + std::string(40, 'x') + "...\" "));
}

}  // namespace
}  // namespace provisioning
