// SPDX-License-Identifier: Apache-2.0
// The end of a server, and what its callers see of it.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"
#include "tests/e2e/health_watch.h"
#include "tests/e2e/provisiond_fixture.h"

namespace provisioning {
namespace {

using grpc::health::v1::HealthCheckResponse;
using testing::Each;
using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr int stream_count = 50;
constexpr int rows_in_hand = 600;
// A process takes longer to go under a sanitizer.
#if defined(__SANITIZE_ADDRESS__)
constexpr absl::Duration drain_max = absl::Seconds(20);
#else
constexpr absl::Duration drain_max = absl::Seconds(10);
#endif

// Row `number` of stream `stream`; with a password, so that it takes a while.
v1::ImportClientsRequest GivenRows(int stream, std::int64_t first, std::int64_t last) {
  v1::ImportClientsRequest message = RowsMessage(first, last);
  for (v1::ClientRow& row : *message.mutable_rows()->mutable_rows()) {
    row.set_email_address(absl::StrCat("s", stream, "-", row.email_address()));
    row.set_initial_password(absl::StrCat("correct horse ", row.row_number()));
  }
  return message;
}

class DrainTest : public ProvisiondFixture {
 protected:
  struct Stream {
    std::string import_id = NewImportId();
    std::unique_ptr<RawImportCall> call;
  };

  // Streams with rows answered and many more in hand.
  std::vector<Stream> StartStreams() {
    std::vector<Stream> streams(stream_count);
    for (int i = 0; i < stream_count; ++i) {
      streams[i].call = std::make_unique<RawImportCall>(channel());
      streams[i].call->Send(StartMessage(streams[i].import_id));
      // Few at first, for rows of one message are answered together.
      streams[i].call->Send(GivenRows(i, 1, 5));
      streams[i].call->Send(GivenRows(i, 6, rows_in_hand));
    }
    for (const Stream& stream : streams) EXPECT_TRUE(stream.call->WaitForResults(1));
    return streams;
  }
};

TEST_F(DrainTest, StreamsEndWithWhatIsSettled) {
  std::vector<Stream> streams = StartStreams();
  const absl::Time begin = absl::Now();
  EXPECT_EQ(server().Terminate(), 0);
  EXPECT_LT(absl::Now() - begin, drain_max) << server().log();
  std::vector<std::size_t> answered;
  for (const Stream& stream : streams) {
    const RpcError error = ReadRpcError(stream.call->Wait());
    EXPECT_EQ(error.Name(), "UNAVAILABLE DRAINING") << error;
    EXPECT_TRUE(error.has_retry_info);
    const auto results = stream.call->results();
    answered.push_back(results.size());
    EXPECT_EQ(error.settled_through_row(), static_cast<std::int64_t>(results.size()));
    EXPECT_LT(results.size(), rows_in_hand) << "there was nothing to drop";
    EXPECT_THAT(NumbersOf(results), ElementsAreArray(Counting(1, results.size())));
    EXPECT_THAT(OutcomesOf(results), Each(v1::ROW_OUTCOME_CREATED));
  }
  EXPECT_THAT(server().log(), HasSubstr("stopped"));
  Forget();
  for (int i = 0; i < stream_count; ++i) {
    EXPECT_EQ(GetImport(streams[i].import_id).settled_through_row(), answered[i]);
  }
}

TEST_F(DrainTest, ResumedStreamsFinishWithEveryRowOnce) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  call.Send(GivenRows(0, 1, 5));
  call.Send(GivenRows(0, 6, 200));
  ASSERT_TRUE(call.WaitForResults(1));
  EXPECT_EQ(server().Terminate(), 0);
  (void)call.Wait();
  const auto first = call.results();
  Forget();
  const auto resumed = Import({StartMessage(import_id), GivenRows(0, 1, 200), EndMessage()});
  EXPECT_TRUE(resumed->Wait().ok());
  const auto results = resumed->results();
  ASSERT_EQ(results.size(), 200);
  EXPECT_THAT(OutcomesOf(results), Each(v1::ROW_OUTCOME_CREATED));
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(results[i].client_id(), first[i].client_id());
    EXPECT_TRUE(results[i].replayed());
  }
  EXPECT_EQ(GetImport(import_id).rows().created(), 200);
}

// Its answers cannot be delivered, so it is cut after the drain's time.
TEST_F(DrainTest, CallerWhoDoesNotReadDoesNotHoldItUp) {
  AddServeFlags({"--drain-timeout", "2"});
  RawImportCall call(NewChannel(), {.reads = false, .deadline = absl::InfiniteDuration()});
  call.Send(StartMessage());
  for (std::int64_t last = 0; call.Send(RowsMessage(last + 1, last + 500), absl::Seconds(2));) {
    last += 500;
  }
  EXPECT_EQ(server().Terminate(), 0);
}

// Who balances looks elsewhere first; who comes nevertheless is served.
TEST_F(DrainTest, ItServesOnForAWhileWhenItIsNotReadyAnyMore) {
  AddServeFlags({"--drain-delay", "600"});
  HealthWatch watch(NewChannel(), "");
  ASSERT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  server().Signal(SIGTERM);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  const auto call = Import({StartMessage(), RowsMessage(1, 10), EndMessage()});
  EXPECT_TRUE(call->Wait().ok()) << ReadRpcError(call->Wait());
  EXPECT_EQ(call->results().size(), 10);
  // Who cannot wait says so again.
  EXPECT_EQ(server().Terminate(), 0);
}

TEST_F(DrainTest, InterruptStopsItAsWell) {
  EXPECT_NE(address(), "");
  server().Signal(SIGINT);
  EXPECT_EQ(server().Wait(), 0);
}

// Results that came are there after the hardest end of all.
TEST_F(DrainTest, KilledServerHasWhatItAnswered) {
  const std::string import_id = NewImportId();
  RawImportCall call(channel());
  call.Send(StartMessage(import_id));
  for (int i = 0; i < 20; ++i) call.Send(RowsMessage(i * 500 + 1, i * 500 + 500));
  ASSERT_TRUE(call.WaitForResults(1));
  server().Kill();
  EXPECT_EQ(ReadRpcError(call.Wait()).code, grpc::StatusCode::UNAVAILABLE);
  const auto first = call.results();
  Forget();
  const auto resumed = Import({StartMessage(import_id), RowsMessage(1, 10'000), EndMessage()});
  EXPECT_EQ(ReadRpcError(resumed->Wait()).Name(), "INVALID_ARGUMENT TOO_MANY_ROWS_IN_MESSAGE");
  EXPECT_GE(resumed->started()->settled_through_row(), static_cast<std::int64_t>(first.size()));
  std::vector<v1::ImportClientsRequest> messages = {StartMessage(import_id)};
  for (int i = 0; i < 20; ++i) messages.push_back(RowsMessage(i * 500 + 1, i * 500 + 500));
  messages.push_back(EndMessage());
  const auto whole = Import(messages);
  EXPECT_TRUE(whole->Wait().ok());
  const auto results = whole->results();
  EXPECT_THAT(OutcomesOf(results), Each(v1::ROW_OUTCOME_CREATED));
  ASSERT_EQ(results.size(), 10'000);
  std::set<std::string> ids;
  for (const v1::RowResult& result : results) ids.insert(result.client_id());
  EXPECT_EQ(ids.size(), 10'000);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(results[i].client_id(), first[i].client_id());
  }
}

}  // namespace
}  // namespace provisioning
