// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

struct DialectCase {
  const char* name;
  const char* text;
  char delimiter;
  bool byte_order_mark;
  std::int64_t header_offset;
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
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CsvDialectTest,
    testing::Values(DialectCase{"Empty", "", ',', false, 0},
                    DialectCase{"OneColumn", "email_address\n", ',', false, 0},
                    DialectCase{"Comma", "a,b,c\n1;2;3;4\n", ',', false, 0},
                    DialectCase{"Semicolon", "a;b;c\n1,2,3,4\n", ';', false, 0},
                    DialectCase{"Tab", "a\tb\tc\n", '\t', false, 0},
                    DialectCase{"InQuotesItDoesNotCount", "\"a;b;c;d\",e\n", ',', false, 0},
                    DialectCase{"ByteOrderMark",
                                "\xEF\xBB\xBF"
                                "a;b\n",
                                ';', true, 3},
                    DialectCase{"SepLine", "sep=;\r\na,b;c,d,e\r\n", ';', false, 7},
                    DialectCase{"SepLineBehindMark", "\xEF\xBB\xBFsep=\t\na\tb\n", '\t', true, 9},
                    DialectCase{"CarriageReturns", "a;b\r1,2,3\r", ';', false, 0},
                    DialectCase{"EmptyLinesFirst", "\r\n\r\na;b\r\n1,2,3", ';', false, 0}),
    [](const auto& info) { return std::string(info.param.name); });

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
                    RefusalCase{"Utf16LittleEndian",
                                "\xFF\xFE"
                                "e\0m\0"s,
                                "UTF-16"},
                    RefusalCase{"Utf16BigEndian", "\xFE\xFF\0e\0m"s, "UTF-16"},
                    RefusalCase{"Utf16WithoutMark", "e\0m\0a\0i\0l\0"s, "UTF-16"},
                    RefusalCase{"Gzip", "\x1F\x8B..", "gunzip"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace provisioning
