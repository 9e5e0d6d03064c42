// SPDX-License-Identifier: Apache-2.0
// The shapes that a stream can have on the wire, and how each ends.
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

class ImportEndTest : public ProvisiondFixture {};
class ShapeTest : public ImportEndTest, public testing::WithParamInterface<Shape> {};

TEST_P(ShapeTest, AnswersTheRowsBeforeAndSaysWhy) {
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

INSTANTIATE_TEST_SUITE_P(Shapes, ShapeTest, testing::ValuesIn(shapes),
                         [](const auto& info) { return std::string(info.param.name); });

// Bad callers harm nobody: all of them at once, beside a good one.
TEST_F(ImportEndTest, ShapesDoNotDisturbEachOther) {
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
