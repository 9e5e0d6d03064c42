// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;

struct DialectCase {
  const char* name;
  std::string text;
  char delimiter;
  bool byte_order_mark;
  std::int64_t header_offset;
  const char* encoding = "UTF-8";
};

class CsvDialectTest : public testing::TestWithParam<DialectCase> {};

TEST_P(CsvDialectTest, IsFoundOut) {
  const DialectCase& c = GetParam();
  for (const std::size_t piece : {1, 2, 1 << 20}) {
    const auto dialect = DetectDialect(StringSource(c.text, piece));
    ASSERT_TRUE(dialect.ok()) << dialect.status();
    EXPECT_EQ(dialect->delimiter, c.delimiter);
    EXPECT_EQ(dialect->byte_order_mark, c.byte_order_mark);
    EXPECT_EQ(dialect->header_offset, c.header_offset);
    EXPECT_EQ(dialect->encoding.name(), c.encoding);
  }
}

constexpr char columns[] = "email_address;first_name;last_name";

INSTANTIATE_TEST_SUITE_P(
    All, CsvDialectTest,
    testing::Values(
        DialectCase{"Empty", "", ',', false, 0},
        DialectCase{"OneColumn", "email_address\n", ',', false, 0},
        DialectCase{"Comma", "a,b,c\n1;2;3;4\n", ',', false, 0},
        DialectCase{"Semicolon", "a;b;c\n1,2,3,4\n", ';', false, 0},
        DialectCase{"Tab", "a\tb\tc\n", '\t', false, 0},
        DialectCase{"Pipe", "a|b|c\n1,2,3,4\n", '|', false, 0},
        DialectCase{"InQuotesItDoesNotCount", "\"a;b;c;d\",e\n", ',', false, 0},
        DialectCase{"ByteOrderMark", "\xEF\xBB\xBF"s + "a;b\n", ';', true, 3},
        DialectCase{"SepLine", "sep=;\r\na,b;c,d,e\r\n", ';', false, 7},
        DialectCase{"SepLineInCapitals", "SEP=|\na|b\n", '|', false, 6},
        DialectCase{"SepLineInQuotes", "\"sep=;\"\r\na;b\r\n", ';', false, 9},
        DialectCase{"SepLineWithEmptyCells", "sep=,,,\na,b,c\n", ',', false, 8},
        DialectCase{"SepLineEndedByCarriageReturn", "sep=;\ra;b\r", ';', false, 6},
        DialectCase{"NoSepLine", "sep=a;b\n", ';', false, 0},
        DialectCase{"SepLineBehindMark", "\xEF\xBB\xBFsep=\t\na\tb\n", '\t', true, 9},
        DialectCase{"CarriageReturns", "a;b\r1,2,3\r", ';', false, 0},
        DialectCase{"EmptyLinesFirst", "\r\n\r\na;b\r\n1,2,3", ';', false, 0},
        DialectCase{"ATitleFirst", "Clients, all\n\n"s + columns + "\n", ';', false, 0},
        DialectCase{"Utf16LittleEndian", "\xFF\xFE"s + "a\0\t\0b\0\r\0\n\0"s, '\t', true, 2,
                    "UTF-16"},
        DialectCase{"Utf16BigEndian", "\xFE\xFF"s + "\0a\0;\0b"s, ';', true, 2, "UTF-16"},
        DialectCase{"Utf16WithSepLine", "\xFF\xFE"s + "s\0e\0p\0=\0;\0\r\0\n\0a\0;\0b\0"s, ';',
                    true, 16, "UTF-16"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CsvDialectChoiceTest, TheDelimiterThatIsSaidCounts) {
  const auto dialect = DetectDialect(StringSource("sep=;\na;b|c\n"), {.delimiter = '|'});
  ASSERT_TRUE(dialect.ok()) << dialect.status();
  EXPECT_EQ(dialect->delimiter, '|');
  EXPECT_EQ(dialect->header_offset, 6);
}

TEST(CsvDialectChoiceTest, OutputFilesOfAnotherEncodingHaveAMark) {
  const auto dialect = DetectDialect(StringSource("a;b\n"), {.encoding = "CP1252"});
  ASSERT_TRUE(dialect.ok()) << dialect.status();
  EXPECT_EQ(dialect->encoding.name(), "windows-1252");
  EXPECT_TRUE(dialect->byte_order_mark);
  EXPECT_EQ(dialect->header_offset, 0);
}

TEST(CsvDialectChoiceTest, Utf16NeedsNoMarkWhenItsOrderIsSaid) {
  const auto dialect = DetectDialect(StringSource("a\0;\0b\0"s), {.encoding = "utf-16le"});
  ASSERT_TRUE(dialect.ok()) << dialect.status();
  EXPECT_EQ(dialect->delimiter, ';');
  EXPECT_EQ(dialect->header_offset, 0);
}

std::string Refusal(const std::string& text, const CsvDialectChoice& choice) {
  const auto dialect = DetectDialect(StringSource(text), choice);
  EXPECT_FALSE(dialect.ok());
  return std::string(dialect.status().message());
}

TEST(CsvDialectChoiceTest, AMarkThatSaysOtherwiseIsAnError) {
  EXPECT_THAT(Refusal("\xFF\xFE"s + "a\0"s, {.encoding = "windows-1252"}),
              AllOf(HasSubstr("UTF-16"), HasSubstr("leave --encoding out")));
  EXPECT_THAT(Refusal("\xFE\xFF"s + "\0a"s, {.encoding = "utf-16le"}), HasSubstr("leave"));
  EXPECT_THAT(Refusal("\xEF\xBB\xBF"s + "a", {.encoding = "utf-16"}), HasSubstr("UTF-8"));
  EXPECT_THAT(Refusal("a\0"s, {.encoding = "utf-16"}), HasSubstr("--encoding utf-16le"));
}

TEST(DelimiterTest, HasANameOrIsACharacter) {
  EXPECT_EQ(DelimiterNamed("comma"), ',');
  EXPECT_EQ(DelimiterNamed("semicolon"), ';');
  EXPECT_EQ(DelimiterNamed("tab"), '\t');
  EXPECT_EQ(DelimiterNamed("pipe"), '|');
  EXPECT_EQ(DelimiterNamed("\t"), '\t');
  EXPECT_EQ(DelimiterNamed("~"), '~');
  for (const char* no : {"", "a", "7", "\"", "\n", ";;", "@", "\xC2\xA7", "colon"}) {
    EXPECT_EQ(DelimiterNamed(no), std::nullopt) << no;
  }
}

struct RefusalCase {
  const char* name;
  std::string text;
  const char* says;
};

class NotCsvTest : public testing::TestWithParam<RefusalCase> {};

TEST_P(NotCsvTest, IsNamedWithAnAdvice) {
  const auto dialect = DetectDialect(StringSource(GetParam().text));
  ASSERT_TRUE(absl::IsInvalidArgument(dialect.status()));
  EXPECT_THAT(std::string(dialect.status().message()), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, NotCsvTest,
    testing::Values(RefusalCase{"Xlsx", "PK\x03\x04..[Content_Types].xml", "Excel workbook"},
                    RefusalCase{"Ods", "PK\x03\x04..opendocument", "OpenDocument"},
                    RefusalCase{"Numbers", "PK\x03\x04..Index/Document.iwa", "In Numbers"},
                    RefusalCase{"Xls", "\xD0\xCF\x11\xE0...", "old Excel workbook"},
                    RefusalCase{"Pdf", "%PDF-1.7", "PDF"},
                    RefusalCase{"Html", "\n <HTML><body>", "HTML"},
                    RefusalCase{"Utf16WithoutMark", "e\0m\0a\0i\0l\0"s, "--encoding utf-16le"},
                    RefusalCase{"Utf16BigEndianWithoutMark", "\0e\0m\0a\0i\0l"s,
                                "--encoding utf-16be"},
                    RefusalCase{"HtmlInUtf16", "\xFF\xFE<\0h\0t\0m\0l\0>\0"s, "HTML"},
                    RefusalCase{"Utf32", "\xFF\xFE\0\0e\0\0\0"s, "UTF-32"},
                    RefusalCase{"Binary",
                                "\x7F"
                                "ELF\0\0\0"s,
                                "binary"},
                    RefusalCase{"Json", "[{\"email_address\": 1}]", "JSON"},
                    RefusalCase{"Rtf", "{\\rtf1\\ansi", "RTF"},
                    RefusalCase{"Contacts", "BEGIN:VCARD\r\n", "vCard"},
                    RefusalCase{"Gzip", "\x1F\x8B..", "gunzip"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace provisioning
