// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/status_conversion.h"

#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "provisioning/v1/error_reason.pb.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

struct Details {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  int retry_seconds = 0;
};

Details DetailsOf(const grpc::Status& status) {
  Details details;
  EXPECT_TRUE(details.status.ParseFromString(status.error_details()));
  for (const auto& any : details.status.details()) {
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&retry))
      details.retry_seconds = static_cast<int>(retry.retry_delay().seconds());
    any.UnpackTo(&details.info);
  }
  return details;
}

struct ReasonCase {
  v1::ErrorReason reason;
  grpc::StatusCode code;
  bool retry;
};
class ReasonTest : public testing::TestWithParam<ReasonCase> {};

TEST_P(ReasonTest, GetsItsStatus) {
  const auto reason = static_cast<ErrorReason>(GetParam().reason);
  const grpc::Status status = ToGrpcStatus(MakeError(reason, "a sentence"), 41);
  EXPECT_EQ(status.error_code(), GetParam().code);
  EXPECT_EQ(status.error_message(), "a sentence");
  const Details details = DetailsOf(status);
  EXPECT_EQ(details.status.code(), GetParam().code);
  EXPECT_EQ(details.status.message(), "a sentence");
  EXPECT_EQ("ERROR_REASON_" + details.info.reason(), v1::ErrorReason_Name(GetParam().reason));
  EXPECT_EQ(details.info.domain(), "provisioning.v1");
  EXPECT_THAT(details.info.metadata(), UnorderedElementsAre(Pair("settled_through_row", "41")));
  EXPECT_EQ(details.retry_seconds > 0, GetParam().retry);
}

// The table at ImportClients.
constexpr ReasonCase reason_table[] = {
    {v1::ERROR_REASON_START_MISSING, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_START_REPEATED, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_MESSAGE_AFTER_END, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_ROW_NUMBER_ORDER, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_TOO_MANY_ROWS_IN_MESSAGE, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_MESSAGE_UNREADABLE, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_OPTION_INVALID, grpc::StatusCode::INVALID_ARGUMENT, false},
    {v1::ERROR_REASON_DISK_FULL, grpc::StatusCode::RESOURCE_EXHAUSTED, true},
    {v1::ERROR_REASON_OPTIONS_DIFFER, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_END_MISSING, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_IMPORT_COMPLETED, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_STORE_BEHIND, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_TOO_MANY_REJECTED, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_IMPORT_REVERTED, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_CLIENT_ACTIVE, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_PASSWORD_REPLACED, grpc::StatusCode::FAILED_PRECONDITION, false},
    {v1::ERROR_REASON_CLIENT_NOT_FOUND, grpc::StatusCode::NOT_FOUND, false},
    {v1::ERROR_REASON_IMPORT_NOT_FOUND, grpc::StatusCode::NOT_FOUND, false},
    {v1::ERROR_REASON_TOO_MANY_FAILURES, grpc::StatusCode::RESOURCE_EXHAUSTED, false},
    {v1::ERROR_REASON_TOO_MANY_STREAMS, grpc::StatusCode::RESOURCE_EXHAUSTED, false},
    {v1::ERROR_REASON_CALLER_UNIDENTIFIED, grpc::StatusCode::UNAUTHENTICATED, false},
    {v1::ERROR_REASON_NOT_ALLOWED, grpc::StatusCode::PERMISSION_DENIED, false},
    {v1::ERROR_REASON_TAKEN_OVER, grpc::StatusCode::ABORTED, false},
    {v1::ERROR_REASON_DRAINING, grpc::StatusCode::UNAVAILABLE, true},
    {v1::ERROR_REASON_STORE_UNAVAILABLE, grpc::StatusCode::UNAVAILABLE, true},
    {v1::ERROR_REASON_OVERLOADED, grpc::StatusCode::UNAVAILABLE, true},
};

INSTANTIATE_TEST_SUITE_P(Reasons, ReasonTest, testing::ValuesIn(reason_table),
                         [](const auto& info) { return v1::ErrorReason_Name(info.param.reason); });

TEST(StatusConversionTest, TheTableHasEveryReason) {
  EXPECT_EQ(std::size(reason_table) + 1, v1::ErrorReason_descriptor()->value_count());
}

TEST(StatusConversionTest, SaysHowLongToWait) {
  const auto details = DetailsOf(
      ToGrpcStatus(MakeWaitError(ErrorReason::kTooManyFailures, "a sentence", absl::Seconds(42))));
  EXPECT_EQ(details.retry_seconds, 42);
}

TEST(StatusConversionTest, OkStaysOk) {
  const grpc::Status status = ToGrpcStatus(absl::OkStatus(), 41);
  EXPECT_TRUE(status.ok());
  EXPECT_THAT(status.error_details(), IsEmpty());
}

TEST(StatusConversionTest, NamesNoSettledRowBeforeTheImportIsOpen) {
  const auto details = DetailsOf(ToGrpcStatus(MakeError(ErrorReason::kStartMissing, "x")));
  EXPECT_THAT(details.info.metadata(), IsEmpty());
}

TEST(StatusConversionTest, NamesSettledRowZero) {
  const auto details = DetailsOf(ToGrpcStatus(MakeError(ErrorReason::kEndMissing, "x"), 0));
  EXPECT_THAT(details.info.metadata(), ElementsAre(Pair("settled_through_row", "0")));
}

TEST(StatusConversionTest, NamesTheFieldToBlame) {
  const auto details =
      DetailsOf(ToGrpcStatus(MakeError(ErrorReason::kOptionInvalid, "x", "attempt")));
  EXPECT_THAT(details.info.metadata(), ElementsAre(Pair("field", "attempt")));
}

TEST(StatusConversionTest, NamesTheRowToBlame) {
  const auto details =
      DetailsOf(ToGrpcStatus(MakeRowError(ErrorReason::kImportCompleted, "x", 8), 7));
  EXPECT_THAT(details.info.metadata(),
              UnorderedElementsAre(Pair("row_number", "8"), Pair("settled_through_row", "7")));
}

// The row of such an error is the settled row, which has its own name.
TEST(StatusConversionTest, BlamesNoRowForAStoreThatIsBehind) {
  const auto details = DetailsOf(ToGrpcStatus(MakeRowError(ErrorReason::kStoreBehind, "x", 7), 7));
  EXPECT_THAT(details.info.metadata(), ElementsAre(Pair("settled_through_row", "7")));
}

TEST(StatusConversionTest, NotFoundKeepsItsText) {
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError("no such client"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such client");
}

TEST(StatusConversionTest, HidesWhatIsNoErrorOfOurs) {
  const grpc::Status status = ToGrpcStatus(absl::UnknownError("ann@x.example broke it"), 3);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("ann@")));
  EXPECT_THAT(status.error_details(), Not(HasSubstr("ann@")));
}

}  // namespace
}  // namespace provisioning
