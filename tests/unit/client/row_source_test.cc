// SPDX-License-Identifier: Apache-2.0
#include "client/csv/row_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using testing::HasSubstr;

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
  EXPECT_THAT(rows[0].problems[0].message, HasSubstr("Cell 6 (column F)"));
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
  EXPECT_TRUE(rows[1].problems.empty());
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
