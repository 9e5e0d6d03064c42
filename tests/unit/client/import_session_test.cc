// SPDX-License-Identifier: Apache-2.0
#include "client/session/import_session.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/support/fake_clock.h"
#include "tests/unit/client/fake_provisioning_server.h"
#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using Fault = FakeProvisioningServer::Fault;

constexpr char header[] = "email_address,first_name,last_name\n";

// `count` rows; every fifth record is one that the reader rejects.
std::string FileOf(int count) {
  std::string text = header;
  for (int row = 1; row <= count; ++row) {
    text += "r" + std::to_string(row) + "@x.example,A,B" + (row % 5 == 0 ? ",extra" : "") + "\n";
  }
  return text;
}

struct Answer {
  std::int64_t row;
  v1::RowOutcome outcome;
  std::string password;
  bool replayed;
};

class RecordingSink final : public RowSink {
 public:
  absl::Status OnResult(v1::RowResult& result, const SourceRow&) override {
    answers.push_back(
        {result.row_number(), result.outcome(), result.temporary_password(), result.replayed()});
    return status;
  }
  std::vector<Answer> answers;
  absl::Status status;
};

class RecordingObserver final : public ImportObserver {
 public:
  explicit RecordingObserver(RecordingSink& sink) : sink_(sink) {}
  void OnReconnect(const RpcError& error, absl::Duration wait) override {
    errors.push_back(error);
    waits.push_back(wait);
  }
  absl::StatusOr<std::int64_t> OnStoreBehind(std::int64_t row_number) override {
    store_behind.push_back(row_number);
    const std::int64_t holds = std::min(row_number, holds_through);
    std::erase_if(sink_.answers, [=](const Answer& answer) { return answer.row > holds; });
    return holds;
  }
  std::vector<RpcError> errors;
  std::vector<absl::Duration> waits;
  std::vector<std::int64_t> store_behind;
  std::int64_t holds_through = std::numeric_limits<std::int64_t>::max();

 private:
  RecordingSink& sink_;
};

class ImportSessionTest : public testing::Test {
 protected:
  ImportSessionTest() {
    options_.start.set_organization_id("acme");
    options_.start.set_import_id("0190a0a0-0000-7000-8000-000000000001");
    options_.start.set_missing_password(v1::MISSING_PASSWORD_GENERATE);
    options_.backoff_first = absl::Milliseconds(1);
    options_.backoff_longest = absl::Milliseconds(2);
    options_.watch.tick = absl::Milliseconds(1);
  }

  ImportEnd Run(std::string text, std::int64_t after_row = 0) {
    return Run(StringSource(std::move(text)), after_row);
  }
  ImportEnd Run(const ByteSource& bytes, std::int64_t after_row = 0) {
    auto source = RowSource::Open(bytes, CsvDialect(), rules_, PasswordNeed::kOptional);
    EXPECT_TRUE(source.ok()) << source.status();
    RowWindow window(*source, sink_, limits_);
    EXPECT_TRUE(window.GoOnAfter(after_row).ok());
    ImportSession session(
        [this] {
          return v1::ClientProvisioningService::NewStub(
              grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
        },
        options_, window, observer_, interrupt_);
    return session.Run();
  }
  // One result per row of FileOf(count), in row order.
  void ExpectWhole(int count) {
    ASSERT_EQ(std::ssize(sink_.answers), count);
    for (int row = 1; row <= count; ++row) {
      const Answer& answer = sink_.answers[row - 1];
      EXPECT_EQ(answer.row, row);
      EXPECT_EQ(answer.outcome, row % 5 == 0 ? v1::ROW_OUTCOME_REJECTED : v1::ROW_OUTCOME_CREATED);
      EXPECT_EQ(answer.password.empty(), row % 5 == 0) << row;
    }
  }

  FakeProvisioningServer server_;
  std::string address_ = server_.address();
  FakeClock clock_;
  RowRules rules_{clock_};
  RowWindow::Limits limits_ = {.rows_max = 6, .batch_rows_max = 2};
  ImportSession::Options options_;
  Interrupt interrupt_;
  RecordingSink sink_;
  RecordingObserver observer_{sink_};
};

TEST_F(ImportSessionTest, AnswersEveryRowInOrder) {
  EXPECT_EQ(Run(FileOf(23)).kind, ImportEnd::Kind::kComplete);
  ExpectWhole(23);
  ASSERT_EQ(server_.seen().size(), 1u);
  EXPECT_TRUE(server_.seen()[0].end);
  EXPECT_EQ(server_.accounts(), 19);
}

TEST_F(ImportSessionTest, AnEmptyFileIsAnEmptyImport) {
  EXPECT_EQ(Run(header).kind, ImportEnd::Kind::kComplete);
  EXPECT_TRUE(server_.seen()[0].end);
}

// Of the rows behind the cut, some are settled and their answers lost: they are
// sent again and get a fresh password.
TEST_F(ImportSessionTest, GoesOnAfterACutAtAnyRow) {
  for (std::int64_t cut = 0; cut <= 10; ++cut) {
    FakeProvisioningServer server;
    address_ = server.address();
    sink_.answers.clear();
    server.Plan({{.results_max = cut}, {.results_max = 1}});
    const ImportEnd end = Run(FileOf(12));
    ASSERT_EQ(end.kind, ImportEnd::Kind::kComplete) << "cut after " << cut << end.error.message;
    ExpectWhole(12);
    EXPECT_EQ(server.accounts(), 10);
  }
}

TEST_F(ImportSessionTest, SaysWhichAnswersItHolds) {
  server_.Plan({{.results_max = 3}, {.results_max = 1}});
  ASSERT_EQ(Run(FileOf(9)).kind, ImportEnd::Kind::kComplete);
  const auto seen = server_.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].start.answered_through_row(), 0);
  EXPECT_TRUE(seen[0].start.has_answered_through_row());
  EXPECT_EQ(seen[1].start.answered_through_row(), 3);
  EXPECT_EQ(seen[1].rows.front(), 4);
  // Row 5 is the reader's: the server has never heard of it.
  EXPECT_EQ(seen[2].start.answered_through_row(), 4);
  EXPECT_EQ(seen[2].rows.front(), 6);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(seen[i].start.attempt(), i);
    EXPECT_EQ(seen[i].start.session_id(), seen[0].start.session_id());
  }
  EXPECT_FALSE(seen[0].start.session_id().empty());
}

TEST_F(ImportSessionTest, GoesOnAfterAnEarlierProcess) {
  ASSERT_EQ(Run(FileOf(4)).kind, ImportEnd::Kind::kComplete);
  sink_.answers.clear();
  ASSERT_EQ(Run(FileOf(9), 5).kind, ImportEnd::Kind::kComplete);
  EXPECT_EQ(server_.seen()[1].start.answered_through_row(), 4);
  EXPECT_EQ(server_.seen()[1].rows, (std::vector<std::int64_t>{6, 7, 8, 9}));
  EXPECT_NE(server_.seen()[1].start.session_id(), server_.seen()[0].start.session_id());
}

// An earlier process may have handed out the passwords of rows that were settled
// before: they stay as they are.
TEST_F(ImportSessionTest, LeavesAnswersOfOthersAlone) {
  ASSERT_EQ(Run(FileOf(4)).kind, ImportEnd::Kind::kComplete);
  sink_.answers.clear();
  options_.holds_all_answers = false;
  server_.Plan({{.results_max = 1}});
  ASSERT_EQ(Run(FileOf(9)).kind, ImportEnd::Kind::kComplete);
  const auto seen = server_.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_FALSE(seen[1].start.has_answered_through_row());
  EXPECT_EQ(seen[2].start.answered_through_row(), 4);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(sink_.answers[i].password, "");
  for (int i = 5; i < 9; ++i) EXPECT_NE(sink_.answers[i].password, "");
}

TEST_F(ImportSessionTest, NothingIsSaidBeforeTheFirstStart) {
  options_.holds_all_answers = false;
  server_.Plan({{.instead_of_start = ErrorStatus(grpc::StatusCode::UNAVAILABLE, "DRAINING")}});
  ASSERT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kComplete);
  EXPECT_FALSE(server_.seen()[1].start.has_answered_through_row());
}

TEST_F(ImportSessionTest, AValidationHoldsNoAnswers) {
  options_.start.clear_import_id();
  options_.start.set_validate_only(true);
  server_.Plan({{.results_max = 2}});
  ASSERT_EQ(Run(FileOf(7)).kind, ImportEnd::Kind::kComplete);
  EXPECT_EQ(sink_.answers.size(), 7u);
  for (const auto& seen : server_.seen()) {
    EXPECT_FALSE(seen.start.has_answered_through_row());
  }
  EXPECT_EQ(server_.seen()[1].rows.front(), 3);
}

TEST_F(ImportSessionTest, ATakenOverImportIsLeftAlone) {
  server_.Plan(
      {{.results_max = 2, .status = ErrorStatus(grpc::StatusCode::ABORTED, "TAKEN_OVER", 2)}});
  const ImportEnd end = Run(FileOf(9));
  EXPECT_EQ(end.kind, ImportEnd::Kind::kRefused);
  EXPECT_EQ(end.error.reason, "TAKEN_OVER");
  EXPECT_EQ(server_.seen().size(), 1u);
}

TEST_F(ImportSessionTest, SendsWhatTheStoreHasLostAgain) {
  ASSERT_EQ(Run(FileOf(4)).kind, ImportEnd::Kind::kComplete);
  server_.LoseRowsAfter(2);
  const ImportEnd end = Run(FileOf(9), 4);
  ASSERT_EQ(end.kind, ImportEnd::Kind::kComplete) << end.error.message;
  EXPECT_THAT(observer_.store_behind, ElementsAre(2));
  const auto seen = server_.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[2].start.answered_through_row(), 2);
  EXPECT_EQ(seen[2].rows.front(), 3);
  ExpectWhole(9);
}

// A password that was made anew for row 2 may be one that the store has lost.
TEST_F(ImportSessionTest, AsksAgainForResultsThatDoNotHoldAlthoughTheirRowsDo) {
  ASSERT_EQ(Run(FileOf(4)).kind, ImportEnd::Kind::kComplete);
  server_.LoseRowsAfter(3);
  observer_.holds_through = 1;
  ASSERT_EQ(Run(FileOf(9), 4).kind, ImportEnd::Kind::kComplete);
  EXPECT_EQ(server_.seen().back().start.answered_through_row(), 1);
  EXPECT_EQ(server_.seen().back().rows.front(), 2);
  ExpectWhole(9);
}

// A run that repeats an import from its first row may be behind the row that the
// store goes back to: what it has no results of is sent nevertheless.
TEST_F(ImportSessionTest, LeavesOutNoRowWhenTheStoreGoesBackBeforeItCameSoFar) {
  ASSERT_EQ(Run(FileOf(12)).kind, ImportEnd::Kind::kComplete);
  sink_.answers.clear();
  options_.holds_all_answers = false;
  server_.Plan({{.results_max = 2, .on_results = [this] { server_.LoseRowsAfter(8); }}});
  const ImportEnd end = Run(FileOf(12));
  ASSERT_EQ(end.kind, ImportEnd::Kind::kComplete) << end.error.message;
  EXPECT_THAT(observer_.store_behind, ElementsAre(8));
  std::vector<std::int64_t> rows;
  for (const Answer& answer : sink_.answers) rows.push_back(answer.row);
  EXPECT_THAT(rows, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

TEST_F(ImportSessionTest, GivesUpAfterTheTimeWithoutProgress) {
  options_.reconnect_timeout = absl::Milliseconds(20);
  const grpc::Status away = ErrorStatus(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE");
  server_.Plan(std::deque<Fault>(1000, {.instead_of_start = away}));
  const ImportEnd end = Run(FileOf(3));
  EXPECT_EQ(end.kind, ImportEnd::Kind::kUnreachable);
  EXPECT_EQ(end.error.reason, "STORE_UNAVAILABLE");
  EXPECT_GT(server_.seen().size(), 1u);
}

TEST_F(ImportSessionTest, WhatWasUnderWayIsBrokenOff) {
  options_.reconnect_timeout = absl::Milliseconds(20);
  server_.Plan(std::deque<Fault>(1000, {.results_max = 0}));
  EXPECT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kBrokenOff);
}

TEST_F(ImportSessionTest, EveryNewResultStartsTheTimeAnew) {
  // The first wait alone is longer than the timeout allows for a second one.
  options_.reconnect_timeout = absl::Milliseconds(30);
  options_.backoff_first = absl::Milliseconds(20);
  options_.backoff_longest = absl::Milliseconds(20);
  server_.Plan(std::deque<Fault>(8, {.results_max = 1}));
  EXPECT_EQ(Run(FileOf(9)).kind, ImportEnd::Kind::kComplete);
}

TEST_F(ImportSessionTest, WaitsAsLongAsTheServerAsks) {
  server_.Plan(
      {{.instead_of_start = ErrorStatus(grpc::StatusCode::UNAVAILABLE, "OVERLOADED", -1, 40)}});
  ASSERT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kComplete);
  EXPECT_THAT(observer_.waits, ElementsAre(absl::Milliseconds(40)));
}

TEST_F(ImportSessionTest, AnUnreachableServerIsTriedAgain) {
  options_.reconnect_timeout = absl::Milliseconds(5);
  address_ = "127.0.0.1:1";
  EXPECT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kUnreachable);
}

TEST_F(ImportSessionTest, ASilentServerIsLeft) {
  options_.watch.silence_max = absl::Milliseconds(50);
  server_.Plan({{.silent = true}});
  EXPECT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kComplete);
  ASSERT_EQ(observer_.errors.size(), 1u);
  EXPECT_THAT(observer_.errors[0].message, testing::HasSubstr("nothing was heard"));
}

TEST_F(ImportSessionTest, AnEndWithoutSummaryIsNone) {
  server_.Plan({{.without_summary = true}});
  EXPECT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kComplete);
  EXPECT_EQ(server_.seen().size(), 2u);
}

TEST_F(ImportSessionTest, AMissingAnswerIsNoticed) {
  server_.Plan({{.skip_result = 2}});
  const ImportEnd end = Run(FileOf(4));
  EXPECT_EQ(end.kind, ImportEnd::Kind::kFailed);
  EXPECT_TRUE(absl::IsInternal(end.failure)) << end.failure;
}

TEST_F(ImportSessionTest, AnInterruptTakesWhatIsUnderWay) {
  limits_ = {.rows_max = 2, .batch_rows_max = 2};
  server_.Plan({{.on_results = [this] { interrupt_.Request(); }}});
  EXPECT_EQ(Run(FileOf(200)).kind, ImportEnd::Kind::kInterrupted);
  const auto seen = server_.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_FALSE(seen[0].end);
  // The server answered all that it was sent, and the session waited for it.
  std::vector<std::int64_t> answered;
  for (const Answer& answer : sink_.answers) {
    if (answer.outcome == v1::ROW_OUTCOME_CREATED) answered.push_back(answer.row);
  }
  EXPECT_EQ(answered, seen[0].rows);
}

TEST_F(ImportSessionTest, AnInterruptEndsTheWaitForTheServer) {
  address_ = "127.0.0.1:1";
  options_.backoff_first = options_.backoff_longest = absl::Hours(1);
  options_.reconnect_timeout = absl::Hours(2);
  interrupt_.Request();
  EXPECT_EQ(Run(FileOf(3)).kind, ImportEnd::Kind::kInterrupted);
}

TEST_F(ImportSessionTest, AFailingSinkEndsIt) {
  sink_.status = absl::UnavailableError("No space left on device");
  const ImportEnd end = Run(FileOf(9));
  EXPECT_EQ(end.kind, ImportEnd::Kind::kFailed);
  EXPECT_TRUE(absl::IsUnavailable(end.failure));
}

// Gives the first rows of a file and then fails.
class TornSource final : public ByteSource {
 public:
  absl::StatusOr<std::size_t> ReadAt(std::int64_t offset, std::span<char> buffer) const override {
    if (offset >= std::ssize(text_)) return absl::UnavailableError("Input/output error");
    const std::size_t count = std::min(buffer.size(), text_.size() - offset);
    std::copy_n(text_.data() + offset, count, buffer.begin());
    return count;
  }

 private:
  const std::string text_ = FileOf(4);
};

// Otherwise a truncated import would be complete.
TEST_F(ImportSessionTest, AFileThatCannotBeReadOnDoesNotEndTheImport) {
  const ImportEnd end = Run(TornSource());
  EXPECT_EQ(end.kind, ImportEnd::Kind::kFailed);
  EXPECT_TRUE(absl::IsUnavailable(end.failure)) << end.failure;
  EXPECT_FALSE(server_.seen().at(0).end);
  ASSERT_FALSE(server_.seen().at(0).rows.empty());
  EXPECT_EQ(sink_.answers.size(), server_.seen().at(0).rows.size())
      << "what was sent has its answer nevertheless";
}

}  // namespace
}  // namespace provisioning
