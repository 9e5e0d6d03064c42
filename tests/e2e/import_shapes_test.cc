// SPDX-License-Identifier: Apache-2.0
// The shapes that a stream can have on the wire, and what each gets.
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;

using Request = v1::ImportClientsRequest;

// What is sent behind `start` and the rows 1 to 3, or instead of them.
struct Shape {
  const char* name;
  std::function<void(RawImportCall&)> send;
  const char* ends;  // RpcError::Name().
  std::int64_t settled;
  std::int64_t answered;                             // Rows 1 to this one.
  std::map<std::string, std::string> metadata = {};  // Beside settled_through_row.
};

void Start(RawImportCall& call) { call.Send(StartMessage()); }

void StartAndThreeRows(RawImportCall& call) {
  Start(call);
  call.Send(RowsMessage(1, 3));
}

std::function<void(RawImportCall&)> Then(const std::string& bytes) {
  return [bytes](RawImportCall& call) {
    StartAndThreeRows(call);
    call.SendBytes(bytes);
  };
}

std::function<void(RawImportCall&)> Then(const Request& message) {
  return Then(message.SerializeAsString());
}

std::function<void(RawImportCall&)> ThenRow(std::int64_t number) {
  Request message;
  *message.mutable_rows()->add_rows() = MakeMessageRow(4);
  message.mutable_rows()->mutable_rows(0)->set_row_number(number);
  return Then(message);
}

Request StartWithout(const char* field) {
  Request message = StartMessage();
  v1::ImportStart& start = *message.mutable_start();
  start.GetReflection()->ClearField(&start, start.GetDescriptor()->FindFieldByName(field));
  return message;
}

class ImportShapesTest : public ProvisiondFixture {};
class EndTest : public ImportShapesTest, public testing::WithParamInterface<Shape> {};

TEST_P(EndTest, AnswersTheRowsBeforeAndSaysWhy) {
  RawImportCall call(channel());
  GetParam().send(call);
  call.Close();
  const RpcError error = ReadRpcError(call.Wait());
  EXPECT_EQ(error.Name(), GetParam().ends) << error;
  EXPECT_FALSE(error.has_retry_info) << error;
  EXPECT_EQ(error.settled_through_row(), GetParam().settled) << error;
  std::map<std::string, std::string> expected = GetParam().metadata;
  if (GetParam().settled >= 0) {
    expected["settled_through_row"] = std::to_string(GetParam().settled);
  }
  EXPECT_EQ(error.metadata, expected);
  EXPECT_EQ(error.domain, error.code == grpc::StatusCode::OK ? "" : "provisioning.v1");
  EXPECT_THAT(NumbersOf(call.results()), ElementsAreArray(Counting(1, GetParam().answered)));
  EXPECT_THAT(OutcomesOf(call.results()), Each(v1::ROW_OUTCOME_CREATED));
  EXPECT_EQ(call.started().has_value(), GetParam().settled >= 0 || error.code == 0);
  EXPECT_EQ(call.summary().has_value(), error.code == 0);
}

const Shape shapes[] = {
    {"Empty",
     [](RawImportCall& call) {
       Start(call);
       call.Send(EndMessage());
     },
     "OK", -1, 0},
    {"OneRow",
     [](RawImportCall& call) {
       Start(call);
       call.Send(RowsMessage(1, 1));
       call.Send(EndMessage());
     },
     "OK", -1, 1},
    {"OneBigBatch",
     [](RawImportCall& call) {
       Start(call);
       call.Send(RowsMessage(1, 4096));
       call.Send(EndMessage());
     },
     "OK", -1, 4096},
    {"ManySmall",
     [](RawImportCall& call) {
       Start(call);
       for (int row = 1; row <= 2000; ++row) call.Send(RowsMessage(row, row));
       call.Send(EndMessage());
     },
     "OK", -1, 2000},
    {"MessagesWithoutRows",
     [](RawImportCall& call) {
       Start(call);
       for (int i = 0; i < 100; ++i) call.Send(RowsMessage(1, 0));
       call.Send(RowsMessage(1, 3));
       call.Send(EndMessage());
     },
     "OK", -1, 3},
    {"Nothing", [](RawImportCall&) {}, "INVALID_ARGUMENT START_MISSING", -1, 0},
    {"RowsFirst", [](RawImportCall& call) { call.Send(RowsMessage(1, 3)); },
     "INVALID_ARGUMENT START_MISSING", -1, 0},
    {"EndFirst", [](RawImportCall& call) { call.Send(EndMessage()); },
     "INVALID_ARGUMENT START_MISSING", -1, 0},
    {"GarbageFirst", [](RawImportCall& call) { call.SendBytes("\xff\xff"); },
     "INVALID_ARGUMENT MESSAGE_UNREADABLE", -1, 0},
    {"BadOption",
     [](RawImportCall& call) { call.Send(StartWithout("import_id")); },
     "INVALID_ARGUMENT OPTION_INVALID",
     -1,
     0,
     {{"field", "import_id"}}},
    {"BadOrganization",
     [](RawImportCall& call) { call.Send(StartWithout("organization_id")); },
     "INVALID_ARGUMENT OPTION_INVALID",
     -1,
     0,
     {{"field", "organization_id"}}},
    {"OnlyStart", Start, "FAILED_PRECONDITION END_MISSING", 0, 0},
    {"HalfClosedWithoutEnd", StartAndThreeRows, "FAILED_PRECONDITION END_MISSING", 3, 3},
    {"TwoStarts", Then(StartMessage()), "INVALID_ARGUMENT START_REPEATED", 3, 3},
    {"Garbage", Then("\x12\x80"), "INVALID_ARGUMENT MESSAGE_UNREADABLE", 3, 3},
    {"NoMessageAtAll", Then(""), "INVALID_ARGUMENT MESSAGE_UNREADABLE", 3, 3},
    {"TooManyRows", Then(RowsMessage(4, 4100)), "INVALID_ARGUMENT TOO_MANY_ROWS_IN_MESSAGE", 3, 3},
    {"RowNumberAgain",
     ThenRow(3),
     "INVALID_ARGUMENT ROW_NUMBER_ORDER",
     3,
     3,
     {{"row_number", "3"}}},
    {"RowNumberBack", ThenRow(1), "INVALID_ARGUMENT ROW_NUMBER_ORDER", 3, 3, {{"row_number", "1"}}},
    {"RowNumberZero", ThenRow(0), "INVALID_ARGUMENT ROW_NUMBER_ORDER", 3, 3, {{"row_number", "0"}}},
    {"RowNumberNegative",
     ThenRow(-5),
     "INVALID_ARGUMENT ROW_NUMBER_ORDER",
     3,
     3,
     {{"row_number", "-5"}}},
    {"RowsAfterEnd",
     [](RawImportCall& call) {
       StartAndThreeRows(call);
       call.Send(EndMessage());
       call.Send(RowsMessage(4, 5));
     },
     "INVALID_ARGUMENT MESSAGE_AFTER_END", 3, 3},
    {"StartAfterEnd",
     [](RawImportCall& call) {
       StartAndThreeRows(call);
       call.Send(EndMessage());
       call.Send(StartMessage());
     },
     "INVALID_ARGUMENT MESSAGE_AFTER_END", 3, 3},
    {"EndTwice",
     [](RawImportCall& call) {
       StartAndThreeRows(call);
       call.Send(EndMessage());
       call.Send(EndMessage());
     },
     "INVALID_ARGUMENT MESSAGE_AFTER_END", 3, 3},
};

INSTANTIATE_TEST_SUITE_P(Shapes, EndTest, testing::ValuesIn(shapes),
                         [](const auto& info) { return std::string(info.param.name); });

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

// Bad callers harm nobody: all of them at once, beside a good one.
TEST_F(ImportShapesTest, ShapesDoNotDisturbEachOther) {
  RawImportCall good(NewChannel());
  good.Send(StartMessage());
  std::vector<std::unique_ptr<RawImportCall>> calls;
  for (const Shape& shape : shapes) {
    if (shape.answered > 3) continue;
    calls.push_back(std::make_unique<RawImportCall>(channel()));
    shape.send(*calls.back());
    calls.back()->Close();
  }
  for (const auto& call : calls) (void)call->Wait();
  Request rows = RowsMessage(1, 100);
  for (v1::ClientRow& row : *rows.mutable_rows()->mutable_rows()) {
    row.set_email_address("own-" + row.email_address());
  }
  good.Send(rows);
  good.Send(EndMessage());
  good.Close();
  EXPECT_TRUE(good.Wait().ok());
  EXPECT_THAT(OutcomesOf(good.results()), Each(v1::ROW_OUTCOME_CREATED));
}

}  // namespace
}  // namespace provisioning
