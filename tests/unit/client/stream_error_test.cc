// SPDX-License-Identifier: Apache-2.0
#include "client/session/stream_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/session/backoff.h"
#include "tests/unit/client/fake_provisioning_server.h"

namespace provisioning {
namespace {

TEST(ReadRpcErrorTest, ReadsWhatTheServiceSays) {
  const RpcError error =
      ReadRpcError(ErrorStatus(grpc::StatusCode::FAILED_PRECONDITION, "STORE_BEHIND", 41, 250));
  EXPECT_EQ(error.code, grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(error.reason, "STORE_BEHIND");
  EXPECT_EQ(error.settled_through_row, 41);
  EXPECT_EQ(error.retry_delay, absl::Milliseconds(250));
}

TEST(ReadRpcErrorTest, TakesAStatusWithoutDetails) {
  const RpcError error = ReadRpcError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone"));
  EXPECT_EQ(error.reason, "");
  EXPECT_EQ(error.settled_through_row, std::nullopt);
  EXPECT_EQ(error.retry_delay, absl::ZeroDuration());
}

TEST(ReadRpcErrorTest, TakesDetailsThatAreNone) {
  const RpcError error =
      ReadRpcError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone", "\xFF\xFF\xFF"));
  EXPECT_EQ(error.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(error.reason, "");
}

TEST(DescribeRpcErrorTest, NamesReasonAndField) {
  const RpcError error = {.code = grpc::StatusCode::FAILED_PRECONDITION,
                          .message = "not as before",
                          .reason = "OPTIONS_DIFFER",
                          .field = "temporary_password_ttl"};
  EXPECT_EQ(DescribeRpcError(error), "not as before (OPTIONS_DIFFER: temporary_password_ttl)");
}

TEST(DescribeRpcErrorTest, LeavesOutWhatGrpcHasTried) {
  const std::pair<const char*, const char*> messages[] = {
      {"failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to "
       "connect to remote host: Connection refused",
       "Connection refused"},
      {"DNS resolution failed for none.invalid:1: C-ares status is not ARES_SUCCESS qtype=AAAA "
       "name=none.invalid is_balancer=0: Domain name not found",
       "Domain name not found"},
      {"Socket closed", "Socket closed"}};
  for (const auto& [message, described] : messages) {
    EXPECT_EQ(DescribeRpcError({.code = grpc::StatusCode::UNAVAILABLE, .message = message}),
              described);
  }
}

TEST(DescribeRpcErrorTest, SuspectsAServerWithoutTls) {
  const RpcError error = {.code = grpc::StatusCode::UNAVAILABLE,
                          .message = "Ssl handshake failed: wrong version number"};
  EXPECT_THAT(DescribeRpcError(error), testing::HasSubstr("--plaintext"));
}

struct AfterErrorCase {
  grpc::StatusCode code;
  const char* reason;
  AfterError after;
};
class AfterErrorTest : public testing::TestWithParam<AfterErrorCase> {};

TEST_P(AfterErrorTest, FollowsTheContract) {
  const auto& [code, reason, after] = GetParam();
  EXPECT_EQ(AfterErrorOf(ReadRpcError(ErrorStatus(code, reason, 3))), after);
}

INSTANTIATE_TEST_SUITE_P(
    All, AfterErrorTest,
    testing::Values(
        AfterErrorCase{grpc::StatusCode::UNAVAILABLE, "", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::UNAVAILABLE, "DRAINING", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::RESOURCE_EXHAUSTED, "DISK_FULL", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS",
                       AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::OK, "", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::INTERNAL, "", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::UNKNOWN, "", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::CANCELLED, "", AfterError::kResume},
        AfterErrorCase{grpc::StatusCode::FAILED_PRECONDITION, "STORE_BEHIND",
                       AfterError::kStoreBehind},
        AfterErrorCase{grpc::StatusCode::ABORTED, "TAKEN_OVER", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::ABORTED, "", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::RESOURCE_EXHAUSTED, "", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::INVALID_ARGUMENT, "OPTION_INVALID", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::FAILED_PRECONDITION, "OPTIONS_DIFFER", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::FAILED_PRECONDITION, "IMPORT_COMPLETED",
                       AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::PERMISSION_DENIED, "", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::UNAUTHENTICATED, "CALLER_UNIDENTIFIED", AfterError::kStop},
        AfterErrorCase{grpc::StatusCode::UNIMPLEMENTED, "", AfterError::kStop}));

struct FateCase {
  RpcError error;
  bool unknown;
};

TEST(FateUnknownTest, IsKnownWhereTheServerSaysItOrWasNeverReached) {
  const FateCase cases[] = {
      {{}, false},
      {{.code = grpc::StatusCode::UNAVAILABLE, .message = "Socket closed"}, true},
      {{.code = grpc::StatusCode::DEADLINE_EXCEEDED}, true},
      {{.code = grpc::StatusCode::UNKNOWN}, true},
      {{.code = grpc::StatusCode::UNAVAILABLE,
        .message = "failed to connect to all addresses; last error: ..."},
       false},
      {{.code = grpc::StatusCode::UNAVAILABLE, .message = "DNS resolution failed for x"}, false},
      {{.code = grpc::StatusCode::UNAVAILABLE, .reason = "STORE_UNAVAILABLE"}, true},
      {{.code = grpc::StatusCode::UNAVAILABLE, .reason = "OVERLOADED"}, false},
      {{.code = grpc::StatusCode::UNAVAILABLE, .reason = "DRAINING"}, false},
      {{.code = grpc::StatusCode::RESOURCE_EXHAUSTED, .reason = "DISK_FULL"}, false},
      {{.code = grpc::StatusCode::PERMISSION_DENIED}, false},
      {{.code = grpc::StatusCode::NOT_FOUND, .reason = "CLIENT_NOT_FOUND"}, false}};
  for (const FateCase& test : cases) {
    EXPECT_EQ(FateUnknown(test.error), test.unknown)
        << test.error.code << " " << test.error.message << test.error.reason;
  }
}

TEST(BackoffTest, DoublesUpToTheLongestWithJitter) {
  Backoff backoff(absl::Seconds(1), absl::Seconds(4), 1);
  for (const int full : {1, 2, 4, 4, 4}) {
    const absl::Duration wait = backoff.Next();
    EXPECT_GE(wait, absl::Seconds(full) / 2);
    EXPECT_LE(wait, absl::Seconds(full));
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next(), absl::Seconds(1));
}

TEST(BackoffTest, CallersComeBackAtDifferentTimes) {
  Backoff one(absl::Seconds(1), absl::Seconds(4), 1);
  Backoff other(absl::Seconds(1), absl::Seconds(4), 2);
  EXPECT_NE(one.Next(), other.Next());
}

}  // namespace
}  // namespace provisioning
