// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/results_message.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "provisioning/v1/client_provisioning_service.pb.h"
#include "service/model/limits.h"
#include "service/rules/row_rules.h"
#include "tests/support/fake_clock.h"

namespace provisioning {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::SizeIs;

constexpr char client_id[] = "0190a0a0-0000-7000-8000-000000000002";

std::string Bytes(const ResultsMessage& message) {
  std::string bytes(message.size(), '\xff');
  message.Write({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

v1::ImportResults Read(const std::vector<RowResult>& results) {
  const ResultsMessage message(results);
  EXPECT_EQ(message.row_count(), results.size());
  v1::ImportClientsResponse response;
  EXPECT_TRUE(response.ParseFromString(Bytes(message)));
  EXPECT_TRUE(response.has_results());
  return response.results();
}

v1::RowResult ReadOne(RowResult result) {
  std::vector<RowResult> results;
  results.push_back(std::move(result));
  const v1::ImportResults read = Read(results);
  EXPECT_THAT(read.results(), SizeIs(1));
  return read.results_size() == 1 ? read.results(0) : v1::RowResult();
}

TEST(ResultsMessageTest, ResultWithEverything) {
  RowResult result;
  result.row_number = 7;
  result.outcome = RowOutcome::kReissued;
  result.email_address = "a@x.example";
  result.client_id = *Uuid::Parse(client_id);
  result.temporary_password = SecretString("AAAA-BBBB");
  result.password_expires_at = absl::FromUnixMicros(100'000'001);
  result.first_row_number = 3;
  result.violations.push_back({"gender", FieldIssueCode::kGenderValue, "Neither.", "M"});
  result.warnings.push_back({"first_name", FieldIssueCode::kTrimmed, "Trimmed.", ""});
  result.replayed = true;
  const v1::RowResult message = ReadOne(std::move(result));
  EXPECT_EQ(message.row_number(), 7);
  EXPECT_EQ(message.outcome(), v1::ROW_OUTCOME_REISSUED);
  EXPECT_EQ(message.email_address(), "a@x.example");
  EXPECT_EQ(message.client_id(), client_id);
  EXPECT_EQ(message.temporary_password(), "AAAA-BBBB");
  EXPECT_EQ(message.password_expires_at().seconds(), 100);
  EXPECT_EQ(message.password_expires_at().nanos(), 1000);
  EXPECT_EQ(message.first_row_number(), 3);
  ASSERT_THAT(message.violations(), SizeIs(1));
  EXPECT_EQ(message.violations(0).field(), "gender");
  EXPECT_EQ(message.violations(0).code(), v1::FIELD_ISSUE_CODE_GENDER_VALUE);
  EXPECT_EQ(message.violations(0).message(), "Neither.");
  EXPECT_EQ(message.violations(0).suggestion(), "M");
  ASSERT_THAT(message.warnings(), SizeIs(1));
  EXPECT_EQ(message.warnings(0).code(), v1::FIELD_ISSUE_CODE_TRIMMED);
  EXPECT_TRUE(message.replayed());
  // Nothing was forgotten that the contract has.
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto& field = *message.GetDescriptor()->field(i);
    EXPECT_TRUE(field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                                    : message.GetReflection()->HasField(message, &field))
        << field.name();
  }
}

TEST(ResultsMessageTest, ResultWithNothing) {
  const v1::RowResult message = ReadOne(RowResult());
  v1::RowResult expected;
  expected.set_outcome(v1::ROW_OUTCOME_REJECTED);
  EXPECT_TRUE(MessageDifferencer::Equals(message, expected)) << message.DebugString();
}

// As protobuf itself would write it, byte by byte, at all sizes of a length.
TEST(ResultsMessageTest, AgreesWithProtobuf) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto text = [&random] { return std::string(random() % (1u << random() % 16), 'x'); };
  for (int i = 0; i < 1000; ++i) {
    RowResult result;
    v1::ImportClientsResponse expected;
    v1::RowResult& message = *expected.mutable_results()->add_results();
    result.row_number = static_cast<std::int64_t>(random()) << random() % 32;
    message.set_row_number(result.row_number);
    result.outcome = RowOutcome::kValid;
    message.set_outcome(v1::ROW_OUTCOME_VALID);
    result.email_address = text();
    message.set_email_address(result.email_address);
    const std::string password = text();
    result.temporary_password = SecretString(password);
    message.set_temporary_password(password);
    const auto seconds = static_cast<std::int64_t>(random());
    result.password_expires_at = absl::FromUnixSeconds(seconds);
    message.mutable_password_expires_at()->set_seconds(seconds);
    for (unsigned k = random() % 3; k > 0; --k) {
      const FieldIssue issue = {text(), FieldIssueCode::kTrimmed, text(), text()};
      result.warnings.push_back(issue);
      v1::FieldIssue& warning = *message.add_warnings();
      warning.set_field(issue.field);
      warning.set_code(v1::FIELD_ISSUE_CODE_TRIMMED);
      warning.set_message(issue.message);
      warning.set_suggestion(issue.suggestion);
    }
    std::vector<RowResult> results;
    results.push_back(std::move(result));
    ASSERT_TRUE(Bytes(ResultsMessage(results)) == expected.SerializeAsString());
  }
}

TEST(ResultsMessageTest, TakesAsManyAsAreGoodForOneMessage) {
  std::vector<RowResult> results(100'000);
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i].row_number = static_cast<std::int64_t>(i) + 1;
  }
  std::int64_t last_row = 0;
  for (std::span<const RowResult> rest = results; !rest.empty();) {
    const ResultsMessage message(rest);
    ASSERT_GT(message.row_count(), 0);
    EXPECT_LT(message.size(), 257 << 10);
    v1::ImportClientsResponse response;
    ASSERT_TRUE(response.ParseFromString(Bytes(message)));
    for (const v1::RowResult& result : response.results().results()) {
      EXPECT_EQ(result.row_number(), ++last_row);
    }
    rest = rest.subspan(message.row_count());
  }
  EXPECT_EQ(last_row, 100'000);
}

TEST(ResultsMessageTest, TakesAResultThatIsTooLargeAlone) {
  std::vector<RowResult> results(2);
  results[0].email_address = std::string(300 << 10, 'x');
  EXPECT_EQ(ResultsMessage(results).row_count(), 1);
}

// Rows that get as many and as long remarks as rows can.
std::vector<ClientRow> WorstRows() {
  const std::string invisible = "\xE2\x80\x8B";  // Ten bytes of message for three of text.
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += invisible;
  const std::vector<std::string> cells = {
      text,
      "  A" + text + "@" + text,
      "=\"" + text + "\"",
      std::string(70'000, '\xff'),
      std::string(70'000, '\0'),
      "<" + std::string(64, 'A') + "@" + std::string(170, 'B') + ".EXAMPLE>",
      " " + std::string(60, 'A') + "\xC3\x9C@" + std::string(60, 'B') + ".GMIAL.COM ",
      std::string(250, '\x01') + "@"};
  std::vector<ClientRow> rows;
  rows.reserve(cells.size());
  for (const std::string& cell : cells) {
    rows.push_back({.row_number = INT64_MAX,
                    .email_address = cell,
                    .initial_password = SecretString(cell),
                    .first_name = cell,
                    .last_name = cell,
                    .birthdate = cell,
                    .gender = cell});
  }
  return rows;
}

// Results are gathered up to 256 KiB and one more: with this no message can
// pass its limit.
TEST(ResultsMessageTest, NoResultIsLarge) {
  const FakeClock clock;
  const RowRules rules(clock);
  std::size_t largest = 0;
  for (ClientRow& row : WorstRows()) {
    const CheckedRow checked = rules.Check(std::move(row), PasswordNeed::kRequired);
    EXPECT_FALSE(checked.accepted());
    RowResult result;
    result.row_number = checked.row_number();
    result.email_address = checked.email_address();
    result.violations = checked.violations();
    result.warnings = checked.warnings();
    // That it is read says that all texts are UTF-8.
    largest = std::max(largest, ReadOne(std::move(result)).ByteSizeLong());
  }
  EXPECT_GT(largest, 1'000) << "the rows are bad ones";
  EXPECT_LT(largest, 30 << 10);
}

}  // namespace
}  // namespace provisioning
