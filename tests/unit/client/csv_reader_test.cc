// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

std::vector<CsvRecord> ReadAll(const ByteSource& source, const CsvDialect& dialect = {},
                               const CsvReader::Options& options = {}) {
  CsvReader reader(source, dialect, options);
  std::vector<CsvRecord> records;
  CsvRecord record;
  while (true) {
    const auto more = reader.Next(record);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) return records;
    records.push_back(record);
  }
}

// A record as "line[begin,end):cell|cell", with "!CODE" for a problem.
std::string Show(const CsvRecord& record) {
  std::string text = std::to_string(record.line) + "[" + std::to_string(record.begin) + "," +
                     std::to_string(record.end) + "):";
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    text += (i > 0 ? "|" : "") + record.cells[i];
  }
  if (record.problem) text += "!" + std::to_string(static_cast<int>(record.problem->code));
  return text;
}

struct ReaderCase {
  const char* name;
  const char* text;
  std::vector<std::string> records;
};

class CsvReaderTest : public testing::TestWithParam<ReaderCase> {};

// Whatever the size of the pieces in which the file arrives.
TEST_P(CsvReaderTest, ReadsRecords) {
  const ReaderCase& c = GetParam();
  for (const std::size_t piece : {1, 2, 3, 5, 7, 64, 1 << 20}) {
    std::vector<std::string> shown;
    for (const CsvRecord& record : ReadAll(StringSource(c.text, piece))) {
      shown.push_back(Show(record));
    }
    EXPECT_EQ(shown, c.records) << "pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Hazards, CsvReaderTest,
    testing::Values(
        ReaderCase{"Empty", "", {}}, ReaderCase{"OneRecordWithoutLineEnd", "a,b", {"1[0,3):a|b"}},
        ReaderCase{"LineFeed", "a,b\nc,d\n", {"1[0,4):a|b", "2[4,8):c|d"}},
        ReaderCase{"CarriageReturnLineFeed", "a\r\nb\r\n", {"1[0,3):a", "2[3,6):b"}},
        ReaderCase{"CarriageReturn", "a\rb\r", {"1[0,2):a", "2[2,4):b"}},
        ReaderCase{
            "MixedLineEnds", "a\nb\r\nc\rd", {"1[0,2):a", "2[2,5):b", "3[5,7):c", "4[7,8):d"}},
        ReaderCase{"BlankLines", "\n\na\n", {"1[0,1):", "2[1,2):", "3[2,4):a"}},
        ReaderCase{"TrailingEmptyCells", "a,,\n", {"1[0,4):a||"}},
        ReaderCase{"Quotes", "\"a,b\",\"c\"\n", {"1[0,10):a,b|c"}},
        ReaderCase{"DoubledQuotes", "\"say \"\"hi\"\"\"\n", {"1[0,13):say \"hi\""}},
        ReaderCase{"EmptyQuotes", "\"\",x\n", {"1[0,5):|x"}},
        ReaderCase{"SpacesAfterAQuote", "\"a\"  ,b\n", {"1[0,8):a|b"}},
        ReaderCase{"QuoteInsideACell", "5\" pipe,b\n", {"1[0,10):5\" pipe|b"}},
        ReaderCase{"LineFeedInQuotes", "\"a\nb\",c\nd\n", {"1[0,8):a\nb|c", "3[8,10):d"}},
        ReaderCase{
            "CarriageReturnLineFeedInQuotes", "\"a\r\nb\"\r\nd", {"1[0,8):a\r\nb", "3[8,9):d"}},
        ReaderCase{"UnclosedQuoteGoesOnAtTheNextLine",
                   "a,\"b\nc,d\ne,f\n",
                   {"1[0,5):a|b\nc,d\ne,f\n!81", "2[5,9):c|d", "3[9,13):e|f"}},
        ReaderCase{"UnclosedQuoteOnTheLastLine", "a\nb,\"c", {"1[0,2):a", "2[2,6):b|c!81"}},
        // The quote of the second line only seems to close the first line's.
        ReaderCase{"UnclosedQuoteBeforeAQuotedCell",
                   "a,\"b\nc,\"d\"\n",
                   {"1[0,5):a|b\nc,!81", "2[5,11):c|d"}},
        ReaderCase{"TextAfterAQuote", "\"a\"b,c\nd\n", {"1[0,7):a!82", "2[7,9):d"}},
        ReaderCase{"NulByteIsText", "a\xEF\xBB\xBF,b\n", {"1[0,7):a\xEF\xBB\xBF|b"}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CsvReaderTest, UnclosedQuoteCitesTheLineThatOpensIt) {
  const auto records = ReadAll(StringSource("a\n\nb,\"c\nd\n"));
  ASSERT_EQ(records.size(), 4u);
  ASSERT_TRUE(records[2].problem);
  EXPECT_THAT(records[2].problem->message,
              testing::AllOf(testing::StartsWith("Cell 2 (column B): a quote opens the cell on "
                                                 "line 3 and is not closed"),
                             testing::HasSubstr("64 KiB")));
  EXPECT_EQ(records[2].problem->field, "cell 2");
}

TEST(CsvReaderTest, ACellAboveTheLimitSpoilsItsOwnRecordAlone) {
  const CsvReader::Options options = {.cell_bytes_max = 8, .record_bytes_max = 64};
  const auto records = ReadAll(StringSource("123456789,b\n12345678,c\n"), {}, options);
  ASSERT_EQ(records.size(), 2u);
  ASSERT_TRUE(records[0].problem);
  EXPECT_EQ(records[0].problem->code, FieldIssueCode::kRecordTooLarge);
  EXPECT_THAT(records[0].problem->message, testing::StartsWith("Cell 1 (column A): "));
  // The others are kept, so that people recognize the row.
  EXPECT_THAT(records[0].cells, ElementsAre("", "b"));
  EXPECT_TRUE(records[0].terminated);
  EXPECT_THAT(records[1].cells, ElementsAre("12345678", "c"));
}

TEST(CsvReaderTest, AHugeCellIsLeftOut) {
  const std::string huge(1 << 20, 'x');
  const auto records = ReadAll(StringSource("a," + huge + ",c\nd\n"));
  ASSERT_EQ(records.size(), 2u);
  ASSERT_TRUE(records[0].problem);
  EXPECT_THAT(records[0].problem->message, testing::HasSubstr("64 KiB"));
  EXPECT_THAT(records[0].cells, ElementsAre("a", "", "c"));
  EXPECT_EQ(records[0].end, std::ssize(huge) + 5);
}

TEST(CsvReaderTest, MoreCellsThanASpreadsheetHasAreNoRecord) {
  const auto records = ReadAll(StringSource(std::string(2'000'000, ',') + "\nd\n"));
  ASSERT_EQ(records.size(), 2u);
  ASSERT_TRUE(records[0].problem);
  EXPECT_EQ(records[0].problem->code, FieldIssueCode::kRecordTooLarge);
  EXPECT_LT(records[0].cells.size(), 20'000u);
  EXPECT_THAT(records[1].cells, ElementsAre("d"));
}

// Beyond the limit nobody looks for the closing quote any more.
TEST(CsvReaderTest, AQuotedCellAboveTheLimitIsAnUnclosedQuote) {
  const CsvReader::Options options = {.cell_bytes_max = 8, .record_bytes_max = 64};
  const auto records = ReadAll(StringSource("\"12\n3456789012\",b\nc\n"), {}, options);
  ASSERT_EQ(records.size(), 3u);
  ASSERT_TRUE(records[0].problem);
  EXPECT_EQ(records[0].problem->code, FieldIssueCode::kUnclosedQuote);
  EXPECT_EQ(records[1].line, 2);
  EXPECT_THAT(records[2].cells, ElementsAre("c"));
}

TEST(CsvReaderTest, ARecordAboveTheLimitSpoilsItselfAlone) {
  const CsvReader::Options options = {.cell_bytes_max = 8, .record_bytes_max = 16};
  const auto records = ReadAll(StringSource("1,2,3,4,5,6,7,8,9,0\nb\n"), {}, options);
  ASSERT_EQ(records.size(), 2u);
  ASSERT_TRUE(records[0].problem);
  EXPECT_EQ(records[0].problem->code, FieldIssueCode::kRecordTooLarge);
  EXPECT_THAT(records[1].cells, ElementsAre("b"));
}

TEST(CsvReaderTest, SaysWhetherALineEndClosesTheRecord) {
  const auto records = ReadAll(StringSource("a\n\"b"));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_TRUE(records[0].terminated);
  EXPECT_FALSE(records[1].terminated);
}

TEST(CsvReaderTest, ATornQuoteOfAnOwnFileTakesTheRest) {
  const CsvReader::Options options = {.resume_after_open_quote = false};
  const auto records = ReadAll(StringSource("a\nb,\"c\nd\n"), {}, options);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_FALSE(records[1].terminated);
}

TEST(CsvReaderTest, TakesTheDialectsDelimiter) {
  const auto records = ReadAll(StringSource("a,b;c\td\n"), {.delimiter = ';'});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_THAT(records[0].cells, ElementsAre("a,b", "c\td"));
}

// Every encoding gives the same cells, and the bytes of each record as they
// stand in the file, whatever the size of the pieces.
TEST(CsvReaderTest, GivesTheBytesOfRecordsInAnyEncoding) {
  const std::u16string text =
      u"Zo\u00EB;\u0413\u0435\u043D\u0430\r\n\"\u5C71\n\U00020BB7\";x\r\"open\nend";
  const std::vector<std::vector<std::string>> cells = {{"Zo\u00EB", "\u0413\u0435\u043D\u0430"},
                                                       {"\u5C71\n\U00020BB7", "x"},
                                                       {"open\nend"},
                                                       {"end"}};
  const std::vector<std::u16string> parts = {u"Zo\u00EB;\u0413\u0435\u043D\u0430\r\n",
                                             u"\"\u5C71\n\U00020BB7\";x\r", u"\"open\n", u"end"};
  for (const bool big_endian : {false, true}) {
    const auto bytes = [big_endian](const std::u16string& units) {
      std::string coded;
      for (const char16_t unit : units) {
        const char high = static_cast<char>(unit >> 8);
        const char low = static_cast<char>(unit & 0xFF);
        coded += big_endian ? high : low;
        coded += big_endian ? low : high;
      }
      return coded;
    };
    const std::string file = "##" + bytes(text);
    CsvDialect dialect{.delimiter = ';', .header_offset = 2};
    dialect.encoding = TextEncoding::Utf16(big_endian);
    for (const std::size_t piece : {1, 3, 1 << 20}) {
      const auto records = ReadAll(StringSource(file, piece), dialect);
      ASSERT_EQ(records.size(), cells.size());
      for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(records[i].cells, cells[i]);
        EXPECT_EQ(file.substr(records[i].begin, records[i].end - records[i].begin),
                  bytes(parts[i]));
      }
    }
  }
}

// Characters that are cut in two by the end of what is read at a time.
TEST(CsvReaderTest, LongFilesInOtherEncodings) {
  std::string file;
  constexpr int records = 60'000;
  for (int i = 0; i < records; ++i)
    file += std::string("\x3D\xD8\x00\xDE", 4) + std::string("\n\0", 2);
  file = std::string("x\0", 2) + file;
  CsvDialect dialect;
  dialect.encoding = TextEncoding::Utf16(false);
  const auto read = ReadAll(StringSource(file, 1 << 20), dialect);
  ASSERT_EQ(read.size(), static_cast<std::size_t>(records));
  for (int i = 1; i < records; ++i) {
    ASSERT_EQ(read[i].cells.front(), "\U0001F600");
    ASSERT_EQ(read[i].begin, 2 + 6 * i);
  }
}

TEST(CsvRecordTest, IsBlankWithNothingButWhiteSpace) {
  CsvRecord record;
  record.cells = {"", " \t"};
  EXPECT_TRUE(record.blank());
  record.cells.push_back("x");
  EXPECT_FALSE(record.blank());
}

class FailingSource final : public ByteSource {
 public:
  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override {
    if (offset > 0) return absl::UnavailableError("Input/output error");
    std::copy_n("a,b\nc", 5, buffer.begin());
    return 5;
  }
};

// Otherwise a truncated file would be imported as if it were whole.
TEST(CsvReaderTest, AReadErrorIsNoEndOfTheFile) {
  const FailingSource source;
  CsvReader reader(source, CsvDialect());
  CsvRecord record;
  ASSERT_TRUE(reader.Next(record).ok());
  EXPECT_TRUE(absl::IsUnavailable(reader.Next(record).status()));
}

}  // namespace
}  // namespace provisioning
