// SPDX-License-Identifier: Apache-2.0
// Streams that go wrong half-way, come again or meet each other.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;

using Request = v1::ImportClientsRequest;

class ImportShapesTest : public ProvisiondFixture {};

// gRPC itself ends the call, so the rows before may be settled and their answers
// lost: the resumed import tells.
TEST_F(ImportShapesTest, TooLargeAMessageLosesNothing) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 3));
  ASSERT_TRUE(call.WaitForResults(3));
  Request large = RowsMessage(4, 4);
  large.mutable_rows()->mutable_rows(0)->set_first_name(std::string(5 << 20, 'a'));
  call.Send(large);
  const RpcError error = ReadRpcError(call.Wait());
  EXPECT_EQ(error.Name(), "RESOURCE_EXHAUSTED") << error;

  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 4), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok());
  EXPECT_EQ(resumed->started()->settled_through_row(), 3);
  EXPECT_THAT(OutcomesOf(resumed->results()), Each(v1::ROW_OUTCOME_CREATED));
  EXPECT_EQ(GetImport(import_id).rows().created(), 4);
}

TEST_F(ImportShapesTest, BytesThatAreNoTextRejectTheirRowOnly) {
  Request message = RowsMessage(1, 3);
  std::string bytes = message.SerializeAsString();
  bytes[bytes.find("client2@")] = '\xff';
  RawImportCall call(channel());
  call.Send(StartMessage());
  call.SendBytes(bytes);
  call.Send(EndMessage());
  call.Close();
  EXPECT_TRUE(call.Wait().ok());
  EXPECT_THAT(
      OutcomesOf(call.results()),
      ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_CREATED));
  EXPECT_EQ(call.results()[1].violations(0).code(), v1::FIELD_ISSUE_CODE_INVALID_UTF8);
  EXPECT_EQ(call.results()[1].violations(0).field(), "email_address");
}

TEST_F(ImportShapesTest, ZeroBytesRejectTheirRowOnly) {
  Request message = RowsMessage(1, 3);
  message.mutable_rows()->mutable_rows(1)->set_last_name(std::string("By\0ron", 6));
  const auto call = Import({StartMessage(), message, EndMessage()});
  EXPECT_THAT(
      OutcomesOf(call->results()),
      ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_CREATED));
  EXPECT_EQ(call->results()[1].violations(0).code(), v1::FIELD_ISSUE_CODE_CONTROL_CHARACTER);
}

TEST_F(ImportShapesTest, RowWithAHashIsActiveAtOnce) {
  const std::string import_id = NewImportId();
  Request message = RowsMessage(1, 4);
  for (v1::ClientRow& row : *message.mutable_rows()->mutable_rows()) {
    row.set_password_hash("$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga");
  }
  message.mutable_rows()->mutable_rows(1)->clear_password_hash();
  message.mutable_rows()->mutable_rows(2)->set_password_hash("$2a$04$tooweak");
  message.mutable_rows()->mutable_rows(3)->set_initial_password("correct horse battery");
  for (const bool replayed : {false, true}) {
    const auto call = Import({StartMessage(import_id), message, EndMessage()});
    ASSERT_TRUE(call->Wait().ok());
    ASSERT_THAT(OutcomesOf(call->results()),
                ElementsAre(v1::ROW_OUTCOME_CREATED, v1::ROW_OUTCOME_CREATED,
                            v1::ROW_OUTCOME_REJECTED, v1::ROW_OUTCOME_REJECTED));
    const v1::RowResult hashed = call->results()[0];
    EXPECT_EQ(hashed.replayed(), replayed);
    EXPECT_EQ(hashed.temporary_password(), "");
    EXPECT_FALSE(hashed.has_password_expires_at());
    EXPECT_NE(hashed.client_id(), "");
    EXPECT_TRUE(call->results()[1].has_password_expires_at());
    EXPECT_EQ(call->results()[2].violations(0).code(), v1::FIELD_ISSUE_CODE_PASSWORD_HASH_FORMAT);
    EXPECT_EQ(call->results()[3].violations(0).code(),
              v1::FIELD_ISSUE_CODE_PASSWORD_HASH_AND_PASSWORD);
    EXPECT_EQ(call->results()[3].violations(0).field(), "password_hash");
  }
}

TEST_F(ImportShapesTest, CancelledStreamLeavesItsImportOpen) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 3));
  ASSERT_TRUE(call.WaitForResults(3));
  call.Cancel();
  EXPECT_EQ(ReadRpcError(call.Wait()).Name(), "CANCELLED");
  EXPECT_EQ(GetImport(import_id).state(), v1::IMPORT_STATE_OPEN);
  EXPECT_EQ(GetImport(import_id).settled_through_row(), 3);
}

TEST_F(ImportShapesTest, DeadlineLeavesItsImportOpen) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel(), {.reads = true, .deadline = absl::Seconds(2)});
  call.Send(StartMessage(import_id));
  call.Send(RowsMessage(1, 3));
  EXPECT_EQ(ReadRpcError(call.Wait()).Name(), "DEADLINE_EXCEEDED");
  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 5), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok());
  EXPECT_THAT(OutcomesOf(resumed->results()), Each(v1::ROW_OUTCOME_CREATED));
  EXPECT_EQ(GetImport(import_id).rows().created(), 5);
}

TEST_F(ImportShapesTest, ProgressComesByItself) {
  RawImportCall call(channel());
  call.Send(StartMessage());
  EXPECT_TRUE(call.WaitForProgress());
}

TEST_F(ImportShapesTest, StartedTellsTheLimits) {
  RawImportCall call(channel());
  call.Send(StartMessage());
  ASSERT_TRUE(call.WaitForStarted());
  EXPECT_EQ(call.started()->limits().rows_per_message_max(), 4096);
  EXPECT_EQ(call.started()->limits().message_bytes_max(), 4 << 20);
}

TEST_F(ImportShapesTest, EndOfACompleteImportIsAnsweredAgain) {
  const std::string import_id = NewImportId();
  ASSERT_TRUE(Import({StartMessage(import_id), RowsMessage(1, 3), EndMessage()})->Wait().ok());
  const auto again = Import({StartMessage(import_id), EndMessage()});
  EXPECT_TRUE(again->Wait().ok());
  EXPECT_EQ(again->started()->settled_through_row(), 3);
  EXPECT_TRUE(again->results().empty());
  EXPECT_TRUE(again->summary());
}

TEST_F(ImportShapesTest, CompleteImportAnswersReplaysAndTakesNoNewRow) {
  const std::string import_id = NewImportId();
  const auto first = Import({StartMessage(import_id), RowsMessage(1, 3), EndMessage()});
  const auto again = Import({StartMessage(import_id), RowsMessage(1, 5), EndMessage()});
  const RpcError error = ReadRpcError(again->Wait());
  EXPECT_EQ(error.Name(), "FAILED_PRECONDITION IMPORT_COMPLETED") << error;
  EXPECT_FALSE(error.has_retry_info);
  EXPECT_EQ(error.settled_through_row(), 3);
  EXPECT_EQ(error.metadata.at("row_number"), "4");
  ASSERT_THAT(NumbersOf(again->results()), ElementsAre(1, 2, 3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(again->results()[i].replayed());
    EXPECT_EQ(again->results()[i].client_id(), first->results()[i].client_id());
    EXPECT_NE(first->results()[i].temporary_password(), "");
    EXPECT_EQ(again->results()[i].temporary_password(), "");
  }
}

TEST_F(ImportShapesTest, OtherOptionsAreRefused) {
  const std::string import_id = NewImportId();
  Import({StartMessage(import_id), RowsMessage(1, 3)});
  Request other = StartMessage(import_id);
  other.mutable_start()->set_missing_password(v1::MISSING_PASSWORD_REJECT);
  const RpcError error = ReadRpcError(Import({other})->Wait());
  EXPECT_EQ(error.Name(), "FAILED_PRECONDITION OPTIONS_DIFFER") << error;
  EXPECT_EQ(error.metadata.at("field"), "missing_password");
}

TEST_F(ImportShapesTest, CallerWhoKnowsMoreThanTheStoreIsTold) {
  const std::string import_id = NewImportId();
  Import({StartMessage(import_id), RowsMessage(1, 3)});
  Request ahead = StartMessage(import_id);
  ahead.mutable_start()->set_answered_through_row(7);
  const RpcError error = ReadRpcError(Import({ahead})->Wait());
  EXPECT_EQ(error.Name(), "FAILED_PRECONDITION STORE_BEHIND") << error;
  EXPECT_EQ(error.settled_through_row(), 3);
}

TEST_F(ImportShapesTest, EndsBehindTheRowThatPassesTheLimit) {
  Request start = StartMessage();
  start.mutable_start()->set_rejected_rows_max(1);
  Request rows = RowsMessage(1, 6);
  for (const int bad : {1, 3, 5}) rows.mutable_rows()->mutable_rows(bad)->clear_last_name();
  const auto call = Import({start, rows, EndMessage()});
  const RpcError error = ReadRpcError(call->Wait());
  EXPECT_EQ(error.Name(), "FAILED_PRECONDITION TOO_MANY_REJECTED") << error;
  EXPECT_EQ(error.settled_through_row(), 4);
  EXPECT_THAT(NumbersOf(call->results()), ElementsAre(1, 2, 3, 4));
}

TEST_F(ImportShapesTest, NewerStreamTakesOver) {
  const std::string import_id = NewImportId();
  RawImportCall older(channel());
  older.Send(StartMessage(import_id));
  older.Send(RowsMessage(1, 3));
  ASSERT_TRUE(older.WaitForResults(3));
  RawImportCall newer(NewChannel());
  newer.Send(StartMessage(import_id));
  ASSERT_TRUE(newer.WaitForStarted());
  const RpcError error = ReadRpcError(older.Wait());
  EXPECT_EQ(error.Name(), "ABORTED TAKEN_OVER") << error;
  EXPECT_FALSE(error.has_retry_info);
  EXPECT_EQ(error.settled_through_row(), 3);
  newer.Send(RowsMessage(4, 6));
  newer.Send(EndMessage());
  newer.Close();
  EXPECT_TRUE(newer.Wait().ok());
  EXPECT_EQ(GetImport(import_id).rows().created(), 6);
}

TEST_F(ImportShapesTest, OlderAttemptOfASessionDoesNotTakeOver) {
  const std::string import_id = NewImportId();
  const auto attempt = [&](int number) {
    Request start = StartMessage(import_id);
    start.mutable_start()->set_session_id("laptop");
    start.mutable_start()->set_attempt(number);
    return start;
  };
  RawImportCall newer(channel());
  newer.Send(attempt(2));
  ASSERT_TRUE(newer.WaitForStarted());
  EXPECT_EQ(ReadRpcError(Import({attempt(1), EndMessage()})->Wait()).Name(), "ABORTED TAKEN_OVER");
  newer.Send(RowsMessage(1, 3));
  EXPECT_TRUE(newer.WaitForResults(3));
}

TEST_F(ImportShapesTest, ValidationWritesNothing) {
  Request start;
  start.mutable_start()->set_organization_id(test_organization);
  start.mutable_start()->set_missing_password(v1::MISSING_PASSWORD_GENERATE);
  start.mutable_start()->set_validate_only(true);
  const auto call = Import({start, RowsMessage(1, 3), EndMessage()});
  EXPECT_TRUE(call->Wait().ok());
  EXPECT_THAT(OutcomesOf(call->results()),
              ElementsAre(v1::ROW_OUTCOME_VALID, v1::ROW_OUTCOME_VALID, v1::ROW_OUTCOME_VALID));
  EXPECT_EQ(call->summary()->duplicates_checked_through_row(), 3);
  const auto real = Import({StartMessage(), RowsMessage(1, 3), EndMessage()});
  EXPECT_THAT(OutcomesOf(real->results()), Each(v1::ROW_OUTCOME_CREATED));
}

// Every cell wrong in several ways, each remark longer than what it quotes: what
// cannot be seen is shown by its number. 256 such rows, which are always answered
// together, are more than a message may have.
TEST_F(ImportShapesTest, ResponsesStaySmall) {
  std::string cell = "\U000E0FFF7";
  for (int i = 0; i < 40; ++i) cell += "\U000E0001";
  const std::string name = cell + std::string(200, 'a');
  Request rows = RowsMessage(1, 1024);
  for (v1::ClientRow& row : *rows.mutable_rows()->mutable_rows()) {
    row.set_email_address(cell);
    row.set_first_name(name);
    row.set_last_name(name);
    row.set_birthdate(cell);
    row.set_gender(cell);
  }
  const auto call = Import({StartMessage(), rows, EndMessage()});
  EXPECT_TRUE(call->Wait().ok());
  EXPECT_THAT(OutcomesOf(call->results()), Each(v1::ROW_OUTCOME_REJECTED));
  ASSERT_EQ(call->results().size(), 1024);
  EXPECT_GT(call->results()[0].ByteSizeLong(), 4096);
  EXPECT_LT(call->largest_response_bytes(), 1 << 20);
}

}  // namespace
}  // namespace provisioning
