// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/request_parser.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "service/model/limits.h"
#include "tests/unit/rpc/import_wire.pb.h"

namespace provisioning {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char import_id[] = "0190a0a0-0000-7000-8000-000000000001";

absl::StatusOr<ImportRequest> Parse(const std::string& bytes, int block_bytes = -1) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()),
                                                block_bytes);
  return ParseImportRequest(stream);
}

std::optional<ErrorReason> ReasonFor(const std::string& bytes) {
  return ReasonOf(Parse(bytes).status());
}

std::vector<ClientRow> ParseRows(const std::string& bytes) {
  auto request = Parse(bytes);
  EXPECT_TRUE(request.ok()) << request.status();
  auto* rows = request.ok() ? std::get_if<std::vector<ClientRow>>(&*request) : nullptr;
  EXPECT_NE(rows, nullptr);
  return rows == nullptr ? std::vector<ClientRow>() : std::move(*rows);
}

std::string Rows(int count) {
  wire::ImportClientsRequest message;
  message.mutable_rows();
  for (int i = 1; i <= count; ++i) message.mutable_rows()->add_rows()->set_row_number(i);
  return message.SerializeAsString();
}

std::string Start(const std::string& organization_id) {
  wire::ImportClientsRequest message;
  message.mutable_start()->set_organization_id(organization_id);
  message.mutable_start()->set_import_id(import_id);
  return message.SerializeAsString();
}

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

// A field of length-delimited type.
std::string Field(int number, const std::string& content) {
  return Varint(static_cast<std::uint64_t>(number) << 3 | 2) + Varint(content.size()) + content;
}

TEST(RequestParserTest, ReadsEveryCellOfARow) {
  wire::ImportClientsRequest message;
  wire::ClientRow& row = *message.mutable_rows()->add_rows();
  row.set_row_number(INT64_MAX);
  row.set_email_address("a@x.example");
  row.set_initial_password("correct horse");
  row.set_first_name("Ann");
  row.set_last_name("Ng");
  row.set_birthdate("19810203");
  row.set_gender("F");
  row.set_password_hash("$2b$10$");
  const auto rows = ParseRows(message.SerializeAsString());
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].row_number, INT64_MAX);
  EXPECT_EQ(rows[0].email_address, "a@x.example");
  EXPECT_EQ(rows[0].initial_password.Reveal(), "correct horse");
  EXPECT_EQ(rows[0].first_name, "Ann");
  EXPECT_EQ(rows[0].last_name, "Ng");
  EXPECT_EQ(rows[0].birthdate, "19810203");
  EXPECT_EQ(rows[0].gender, "F");
  EXPECT_EQ(rows[0].password_hash.Reveal(), "$2b$10$");
}

TEST(RequestParserTest, KeepsCellsThatAreNoText) {
  const std::string no_text("\xff\xfe\0\x80", 4);
  wire::ImportClientsRequest message;
  wire::ClientRow& row = *message.mutable_rows()->add_rows();
  row.set_email_address(no_text);
  row.set_initial_password(no_text);
  row.set_first_name(no_text);
  row.set_last_name(no_text);
  row.set_birthdate(no_text);
  row.set_gender(no_text);
  row.set_password_hash(no_text);
  const auto rows = ParseRows(message.SerializeAsString());
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].email_address, no_text);
  EXPECT_EQ(rows[0].initial_password.Reveal(), no_text);
  EXPECT_EQ(rows[0].first_name, no_text);
  EXPECT_EQ(rows[0].last_name, no_text);
  EXPECT_EQ(rows[0].birthdate, no_text);
  EXPECT_EQ(rows[0].gender, no_text);
  EXPECT_EQ(rows[0].password_hash.Reveal(), no_text);
}

TEST(RequestParserTest, KeepsTheOrderOfRows) {
  const auto rows = ParseRows(Rows(1000));
  ASSERT_EQ(rows.size(), 1000);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(rows[i].row_number, i + 1);
}

TEST(RequestParserTest, TakesNoRows) { EXPECT_TRUE(ParseRows(Rows(0)).empty()); }

TEST(RequestParserTest, ReadsAMessageInSmallPieces) {
  for (const int block_bytes : {1, 2, 3, 7}) {
    const auto request = Parse(Rows(300), block_bytes);
    ASSERT_TRUE(request.ok()) << request.status();
    EXPECT_EQ(std::get<std::vector<ClientRow>>(*request).size(), 300);
  }
}

TEST(RequestParserTest, ReadsStart) {
  const auto request = Parse(Start("acme"));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(std::get<StreamStart>(*request).organization_id.value(), "acme");
}

TEST(RequestParserTest, SaysWhatIsWrongWithStart) {
  const auto request = Parse(Start("ACME"));
  EXPECT_EQ(ReasonOf(request.status()), ErrorReason::kOptionInvalid);
  EXPECT_EQ(FieldOf(request.status()), "organization_id");
}

TEST(RequestParserTest, ReadsEnd) {
  const auto request = Parse(Field(3, ""));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(std::holds_alternative<EndOfImport>(*request));
}

TEST(RequestParserTest, TakesAsManyRowsAsAreAllowed) {
  EXPECT_EQ(ParseRows(Rows(limits::rows_per_message_max)).size(), limits::rows_per_message_max);
}

TEST(RequestParserTest, RefusesOneRowMore) {
  const auto request = Parse(Rows(limits::rows_per_message_max + 1));
  EXPECT_EQ(ReasonOf(request.status()), ErrorReason::kTooManyRowsInMessage);
  EXPECT_THAT(std::string(request.status().message()), HasSubstr("4096"));
}

// As many as fit into a message: 300 MiB of memory, if they were kept.
TEST(RequestParserTest, RefusesAMillionEmptyRows) {
  std::string rows;
  while (rows.size() + 16 < limits::request_bytes_max) rows += Field(1, "");
  EXPECT_EQ(ReasonFor(Field(2, rows)), ErrorReason::kTooManyRowsInMessage);
}

std::string Filled(const std::string& unknown) {
  std::string bytes;
  while (bytes.size() + 64 < limits::request_bytes_max) bytes += unknown;
  return bytes;
}

// Wherever they stand, and whatever their type: they are skipped, and take no
// memory. In `start` they would.
TEST(RequestParserTest, SkipsAMillionUnknownFields) {
  for (const std::string& unknown :
       {Field(15, ""), std::string("\x78\x01"), std::string("\x7b\x7c")}) {
    const std::string many = Filled(unknown);
    EXPECT_TRUE(Parse(Field(3, "") + many).ok());
    EXPECT_TRUE(Parse(Field(3, many)).ok());
    EXPECT_TRUE(ParseRows(Field(2, many)).empty());
    EXPECT_EQ(ParseRows(Field(2, Field(1, many))).size(), 1);
    EXPECT_EQ(ReasonFor(Field(1, many)), ErrorReason::kMessageUnreadable);
    EXPECT_EQ(ReasonFor(Field(1, Field(9, many))), ErrorReason::kMessageUnreadable);
  }
}

TEST(RequestParserTest, TakesAStartThatComesInPieces) {
  const std::string piece = Field(1, Field(11, std::string(255, 's')) + Field(99, "new"));
  std::string bytes = Start("acme");
  for (int i = 0; i < 1000; ++i) bytes += piece;
  const auto request = Parse(bytes);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(std::get<StreamStart>(*request).options.source_name, std::string(255, 's'));
}

// A newer caller's: some with every row.
TEST(RequestParserTest, TakesSomeUnknownFieldsWithEveryRow) {
  std::string row;
  for (int number = 20; number < 30; ++number) row += Field(number, "new");
  std::string rows;
  for (int i = 0; i < limits::rows_per_message_max; ++i) rows += Field(1, row);
  EXPECT_EQ(ParseRows(Field(2, rows)).size(), limits::rows_per_message_max);
}

TEST(RequestParserTest, CountsRowsOfMergedMessages) {
  const std::string half = Rows(limits::rows_per_message_max / 2 + 1);
  EXPECT_EQ(ReasonFor(half + half), ErrorReason::kTooManyRowsInMessage);
}

// A tag and a length may be written with more bytes than they need.
TEST(RequestParserTest, CountsRowsBehindLongTags) {
  const std::string long_tag("\x92\x80\x80\x80\x00", 5);
  const std::string rows = Rows(limits::rows_per_message_max + 1);
  EXPECT_EQ(ReasonFor(long_tag + rows.substr(1)), ErrorReason::kTooManyRowsInMessage);
}

TEST(RequestParserTest, MergesFieldsThatComeTwice) {
  EXPECT_EQ(ParseRows(Rows(2) + Rows(3)).size(), 5);
  const auto request = Parse(Start("first") + Start("second"));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(std::get<StreamStart>(*request).organization_id.value(), "second");
}

TEST(RequestParserTest, TheLastOfSeveralKindsCounts) {
  EXPECT_EQ(ParseRows(Start("acme") + Rows(3)).size(), 3);
  const auto request = Parse(Rows(3) + Start("acme"));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(std::holds_alternative<StreamStart>(*request));
}

TEST(RequestParserTest, IgnoresFieldsThatItDoesNotKnow) {
  const std::string unknown = Field(99, "new") + std::string("\xc0\x3e\x05", 3);
  const std::string row = Field(1, Field(2, "a@x.example") + unknown);
  const auto rows = ParseRows(unknown + Field(2, unknown + row + unknown) + unknown);
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].email_address, "a@x.example");
}

struct UnreadableCase {
  const char* name;
  std::string bytes;
};
class UnreadableTest : public testing::TestWithParam<UnreadableCase> {};

TEST_P(UnreadableTest, IsRefused) {
  EXPECT_EQ(ReasonFor(GetParam().bytes), ErrorReason::kMessageUnreadable);
}

std::string Nested(int depth) {
  std::string bytes;
  for (int i = 0; i < depth; ++i) bytes += '\x9b' + std::string(1, '\x06');  // Group 99 begins.
  for (int i = 0; i < depth; ++i) bytes += '\x9c' + std::string(1, '\x06');
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, UnreadableTest,
    testing::Values(
        UnreadableCase{"Nothing", ""}, UnreadableCase{"OnlyUnknownFields", Field(99, "x")},
        UnreadableCase{"TruncatedTag", "\x92"}, UnreadableCase{"TruncatedLength", "\x12\x80"},
        UnreadableCase{"TruncatedContent", "\x12\x05\x0a"},
        UnreadableCase{"TruncatedRow", Field(2, "\x0a\x7f\x08")},
        UnreadableCase{"TruncatedVarint", Field(2, Field(1, "\x08\xff\xff"))},
        UnreadableCase{"VarintWithoutEnd",
                       Field(2, Field(1, std::string("\x08") + std::string(11, '\xff')))},
        UnreadableCase{"LengthBeyondTwoGib", "\x12\xff\xff\xff\xff\x0f"},
        UnreadableCase{"TagZero", std::string("\0\0", 2)},
        UnreadableCase{"FieldNumberZero", std::string("\x02\x00", 2)},
        UnreadableCase{"NoSuchWireType", "\x17"},
        UnreadableCase{"GroupThatIsNotOpen", Field(3, "") + "\x14"},
        UnreadableCase{"GroupThatIsNotClosed", Field(3, "") + "\x13"},
        UnreadableCase{"GroupsTooDeep", Field(3, "") + Nested(100'000)},
        UnreadableCase{"RowsAsNumber", std::string("\x10\x01", 2)},
        UnreadableCase{"TextInStartIsNoText", Field(1, Field(1, "\xff"))},
        UnreadableCase{"AllBytesSet", std::string(4096, '\xff')}),
    [](const auto& info) { return std::string(info.param.name); });

// A row number that is no number, and a cell that is one, are fields that the
// server does not know: the row stays, without them.
TEST(RequestParserTest, IgnoresFieldsOfAnotherType) {
  const auto rows = ParseRows(Field(2, Field(1, Field(1, "7") + std::string("\x10\x07", 2))));
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].row_number, 0);
  EXPECT_EQ(rows[0].email_address, "");
}

TEST(RequestParserTest, SaysNothingOfTheCellsWhenItRefuses) {
  const std::string row = Field(1, Field(3, "correct horse"));
  const auto request = Parse(Field(2, row) + "\x12");
  EXPECT_EQ(ReasonOf(request.status()), ErrorReason::kMessageUnreadable);
  EXPECT_THAT(request.status().ToString(), Not(HasSubstr("horse")));
}

}  // namespace
}  // namespace provisioning
