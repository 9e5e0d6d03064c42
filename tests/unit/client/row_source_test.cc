// SPDX-License-Identifier: Apache-2.0
#include "client/csv/row_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char header[] = "email_address,initial_password,first_name,last_name\n";

class RowSourceTest : public testing::Test {
 protected:
  std::vector<SourceRow> ReadAll(RowSource& source) {
    std::vector<SourceRow> rows;
    while (true) {
      SourceRow row;
      const auto more = source.Next(row);
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return rows;
      rows.push_back(std::move(row));
    }
  }
  std::vector<SourceRow> Read(const std::string& text) {
    const StringSource bytes(text);
    auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kRequired);
    EXPECT_TRUE(source.ok()) << source.status();
    if (!source.ok()) return {};
    return ReadAll(*source);
  }

  FakeClock clock_;
  RowRules rules_{clock_};
};

TEST_F(RowSourceTest, CountsBlankRecordsAndSkipsThem) {
  const auto rows = Read(std::string(header) + "a@x.example,p,A,B\n\n,,,\nb@x.example,q,C,D\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.row_number, 1);
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].row.row_number, 4);
  EXPECT_EQ(rows[1].line, 5);
}

TEST_F(RowSourceTest, BlankLinesBeforeTheHeaderAreNone) {
  const auto rows = Read("\n\n" + std::string(header) + "a@x.example,p,A,B\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].row.row_number, 1);
}

TEST_F(RowSourceTest, NeverTouchesAPassword) {
  const auto rows = Read(std::string(header) + "a@x.example,  p \"q\" ,A,B\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].row.initial_password.Reveal(), "  p \"q\" ");
}

TEST_F(RowSourceTest, ReadsHashesByTheirColumn) {
  const auto rows = Read(
      "password_hash,email_address,first_name,last_name\n"
      "$2b$10$abc,a@x.example,A,B\n"
      ",b@x.example,C,D\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.password_hash.Reveal(), "$2b$10$abc");
  EXPECT_TRUE(rows[0].row.initial_password.empty());
  EXPECT_TRUE(rows[1].row.password_hash.empty());
}

TEST_F(RowSourceTest, AbsentCellsAreEmpty) {
  const auto rows = Read(std::string(header) + "a@x.example\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].row.email_address, "a@x.example");
  EXPECT_EQ(rows[0].row.last_name, "");
  EXPECT_TRUE(rows[0].problems.empty());
}

TEST_F(RowSourceTest, EmptyExtraCellsAreIgnored) {
  const auto rows = Read(std::string(header) + "a@x.example,p,A,B,, ,\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].problems.empty());
}

TEST_F(RowSourceTest, AnExtraCellWithContentIsNamedAndNotShown) {
  const auto rows = Read(std::string(header) + "a@x.example,p,A,B,,hunter2hunter2\n");
  ASSERT_EQ(rows.size(), 1u);
  ASSERT_EQ(rows[0].problems.size(), 1u);
  EXPECT_EQ(rows[0].problems[0].code, FieldIssueCode::kExtraCell);
  EXPECT_EQ(rows[0].problems[0].field, "cell 6");
  EXPECT_THAT(rows[0].problems[0].message,
              AllOf(HasSubstr("Cell 6 (column F)"),
                    HasSubstr("a password or a name with a comma must stand in quotes")));
  EXPECT_THAT(rows[0].problems[0].message, Not(HasSubstr("hunter2")));
}

TEST_F(RowSourceTest, BytesThatAreNoTextRejectTheirRowHere) {
  const auto rows =
      Read(std::string(header) + "A@x.example,password 12,\xE9va,B\nb@x.example,,,\n");
  ASSERT_EQ(rows.size(), 2u);
  // All violations of the row, as the server would report them.
  ASSERT_EQ(rows[0].problems.size(), 2u);
  EXPECT_EQ(rows[0].problems[0].code, FieldIssueCode::kEmailUpperCase);
  EXPECT_EQ(rows[0].problems[1].code, FieldIssueCode::kInvalidUtf8);
  EXPECT_THAT(rows[0].problems[1].message,
              AllOf(HasSubstr("byte 1 is 0xE9"), HasSubstr("cell 3 (column C), line 2"),
                    HasSubstr("--encoding windows-1252")));
  EXPECT_TRUE(rows[1].problems.empty());
}

TEST_F(RowSourceTest, CountsRowsWithSuchBytes) {
  const StringSource bytes(std::string(header) + "a@x.example,p,\xE9,B\nb@x.example,p,C,\xE9\n" +
                           "c@x.example,p,C,C\n");
  auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(source.ok());
  ReadAll(*source);
  EXPECT_EQ(source->undecodable_rows(), 2);
  ASSERT_TRUE(source->Rewind().ok());
  EXPECT_EQ(source->undecodable_rows(), 0);
}

// Of a password neither a character nor a byte is told.
TEST_F(RowSourceTest, ShowsNoByteOfAPassword) {
  const auto rows = Read(std::string(header) + "a@x.example,hunter2\xE9hunter2,A,B\n");
  ASSERT_EQ(rows.size(), 1u);
  ASSERT_EQ(rows[0].problems.size(), 1u);
  EXPECT_THAT(rows[0].problems[0].message,
              AllOf(HasSubstr("byte 8"), Not(HasSubstr("E9")), Not(HasSubstr("hunter"))));
}

TEST_F(RowSourceTest, AByteWithoutACharacterIsToldByItsEncoding) {
  const StringSource bytes(std::string(header) + "a@x.example,password 1,A\x81,B\n");
  CsvDialect dialect;
  dialect.encoding = *TextEncoding::Named("windows-1252");
  auto source = RowSource::Open(bytes, dialect, rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(source.ok());
  const auto rows = ReadAll(*source);
  ASSERT_EQ(rows.size(), 1u);
  ASSERT_EQ(rows[0].problems.size(), 1u);
  EXPECT_THAT(rows[0].problems[0].message,
              AllOf(StartsWith("Cell 3 (column C), line 2"), HasSubstr("windows-1252")));
}

TEST_F(RowSourceTest, KeepsTheNamesOfARowWithAHugePassword) {
  const auto rows =
      Read(std::string(header) + "a@x.example," + std::string(1 << 20, 'x') + ",Ann,Ng\n");
  ASSERT_EQ(rows.size(), 1u);
  ASSERT_EQ(rows[0].problems.size(), 1u);
  EXPECT_EQ(rows[0].problems[0].code, FieldIssueCode::kRecordTooLarge);
  EXPECT_EQ(rows[0].row.email_address, "a@x.example");
  EXPECT_EQ(rows[0].row.first_name, "Ann");
  EXPECT_EQ(rows[0].row.last_name, "Ng");
}

struct HeaderCase {
  const char* name;
  std::string text;
  CsvDialect dialect;
  std::vector<const char*> says;
};
class RowSourceHeaderTest : public RowSourceTest, public testing::WithParamInterface<HeaderCase> {};

TEST_P(RowSourceHeaderTest, IsRefusedWithAdvice) {
  const StringSource bytes(GetParam().text);
  const auto source = RowSource::Open(bytes, GetParam().dialect, rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(absl::IsInvalidArgument(source.status())) << source.status();
  for (const char* part : GetParam().says) {
    EXPECT_THAT(std::string(source.status().message()), HasSubstr(part));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RowSourceHeaderTest,
    testing::Values(
        HeaderCase{"Misspelt",
                   "\nemial_address,initial_password,first_name,last_name\n",
                   {},
                   {"line 2: ", "did you mean email_address?"}},
        HeaderCase{"Pipes",
                   "email_address|initial_password|first_name|last_name\n",
                   {},
                   {"line 1: ", "split at a comma", "--delimiter pipe"}},
        HeaderCase{"Colons",
                   "email_address : initial_password : first_name : last_name\n",
                   {},
                   {"--delimiter ':'"}},
        HeaderCase{"SemicolonsReadAsCommas",
                   "email_address;initial_password;first_name;last_name\n",
                   {},
                   {"--delimiter semicolon"}},
        HeaderCase{"Spaces",
                   "email_address first_name\n",
                   {},
                   {"separated by a space", "--delimiter ' '"}},
        HeaderCase{"AllInQuotes",
                   "\"email_address,initial_password,first_name,last_name\"\n",
                   {},
                   {"the whole header stands in quotes", "column A"}},
        HeaderCase{"TitleAbove",
                   "Our clients,,,\n,,,\n" + std::string(header) + "a@x.example,p,A,B\n",
                   {},
                   {"line 1: ", "line 3 looks like the header", "delete the lines above it"}},
        HeaderCase{"TitleAboveAForeignHeader",
                   "Kunden\nE-Mail,Passwort,Vorname,Nachname\n",
                   {},
                   {"line 2 looks like the header"}},
        HeaderCase{"Foreign",
                   "E-Mail,Passwort,Vorname,Nachname\n",
                   {},
                   {"\"Vorname\"", "did you mean first_name?"}},
        HeaderCase{"NotUtf8",
                   "email_address,initial_password,Pr\xE9nom,last_name\n",
                   {},
                   {"cell 3 (column C)", "byte 3 is 0xE9", "--encoding windows-1252"}},
        HeaderCase{"UnclosedQuote", "\"email_address,first_name\n", {}, {"line 1: ", "not closed"}},
        HeaderCase{"None", "a@x.example,secret99,A,B\n", {}, {"names none of the columns"}}),
    [](const auto& info) { return std::string(info.param.name); });

class ChangingSource final : public ByteSource {
 public:
  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override {
    return text_.ReadAt(offset, buffer);
  }
  absl::Status CheckUnchanged() const override {
    return changed ? absl::DataLossError("changed") : absl::OkStatus();
  }
  bool changed = false;

 private:
  StringSource text_{std::string(header) + "a@x.example,p,A,B\n"};
};

// Half of a file must never pass for a whole one.
TEST_F(RowSourceTest, AFileThatChangesHasNoEnd) {
  ChangingSource bytes;
  auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(source.ok());
  bytes.changed = true;
  SourceRow row;
  EXPECT_TRUE(source->Next(row).value());
  EXPECT_TRUE(absl::IsDataLoss(source->Next(row).status()));
  EXPECT_TRUE(absl::IsDataLoss(source->Rewind()));
}

TEST_F(RowSourceTest, GivesTheBytesOfEachRecord) {
  const std::string first = "a@x.example,\"p\nq\",A,B\r\n";
  const std::string text = header + first + "\n" + "b@x.example,p,A,B";
  const auto rows = Read(text);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(text.substr(rows[0].begin, rows[0].end - rows[0].begin), first);
  EXPECT_EQ(text.substr(rows[1].begin, rows[1].end - rows[1].begin), "b@x.example,p,A,B");
}

TEST_F(RowSourceTest, CanBeReadAgain) {
  const StringSource bytes(std::string(header) + "a@x.example,p,A,B\nb@x.example,p,A,B\n");
  auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(ReadAll(*source).size(), 2u);
  ASSERT_TRUE(source->Rewind().ok());
  const auto rows = ReadAll(*source);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.row_number, 1);
}

TEST_F(RowSourceTest, AnEmptyFileHasNoHeader) {
  const StringSource bytes("\n\n");
  const auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kRequired);
  ASSERT_TRUE(absl::IsInvalidArgument(source.status()));
  EXPECT_THAT(std::string(source.status().message()), HasSubstr("empty"));
}

}  // namespace
}  // namespace provisioning
