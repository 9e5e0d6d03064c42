// SPDX-License-Identifier: Apache-2.0
#include "client/session/row_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/unit/client/string_source.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "x" in `rows` is a row that is sent, "!" one that the reader rejects, "-" a
// blank record.
std::string FileText(const std::string& rows) {
  std::string text = "email_address,initial_password,first_name,last_name\n";
  for (const char row : rows) {
    if (row != '-') text += "a@x.example,password,A,B";
    text += row == '!' ? ",extra\n" : "\n";
  }
  return text;
}

class RecordingSink final : public RowSink {
 public:
  absl::Status OnResult(v1::RowResult& result, const SourceRow& row) override {
    EXPECT_EQ(result.row_number(), row.row.row_number);
    rows_.push_back(result.row_number());
    return status_;
  }
  void Break() { status_ = absl::UnavailableError("No space left on device"); }
  const std::vector<std::int64_t>& rows() const { return rows_; }

 private:
  std::vector<std::int64_t> rows_;
  absl::Status status_;
};

class RowWindowTest : public testing::Test {
 protected:
  RowWindow& Make(const std::string& rows, const RowWindow::Limits& limits = {}) {
    bytes_ = std::make_unique<StringSource>(FileText(rows));
    auto source = RowSource::Open(*bytes_, CsvDialect(), rules_, PasswordNeed::kRequired);
    EXPECT_TRUE(source.ok()) << source.status();
    source_ = std::make_unique<RowSource>(*std::move(source));
    window_ = std::make_unique<RowWindow>(*source_, sink_, limits);
    return *window_;
  }
  // The numbers of the next batch's rows; empty at the end.
  std::vector<std::int64_t> NextBatch() {
    v1::ImportRows rows;
    const auto batch = window_->Next(rows);
    EXPECT_EQ(batch == RowWindow::Batch::kRows, !rows.rows().empty());
    std::vector<std::int64_t> numbers;
    for (const v1::ClientRow& row : rows.rows()) numbers.push_back(row.row_number());
    return numbers;
  }
  absl::Status Answer(const std::vector<std::int64_t>& rows) {
    v1::ImportResults results;
    for (const std::int64_t row : rows) results.add_results()->set_row_number(row);
    return window_->Answer(results);
  }

  FakeClock clock_;
  RowRules rules_{clock_};
  std::unique_ptr<StringSource> bytes_;
  std::unique_ptr<RowSource> source_;
  RecordingSink sink_;
  std::unique_ptr<RowWindow> window_;
};

TEST_F(RowWindowTest, CutsBatchesByRows) {
  Make("xxxxx", {.batch_rows_max = 2});
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  EXPECT_THAT(NextBatch(), ElementsAre(3, 4));
  EXPECT_THAT(NextBatch(), ElementsAre(5));
  EXPECT_THAT(NextBatch(), IsEmpty());
}

TEST_F(RowWindowTest, CutsBatchesByBytesButSendsEveryRow) {
  Make("xxx", {.batch_bytes_max = 1});
  EXPECT_THAT(NextBatch(), ElementsAre(1));
  EXPECT_THAT(NextBatch(), ElementsAre(2));
}

TEST_F(RowWindowTest, AnswersRejectedRecordsInTheirTurn) {
  Make("!x!!x!");
  EXPECT_THAT(NextBatch(), ElementsAre(2, 5));
  EXPECT_THAT(sink_.rows(), ElementsAre(1));
  EXPECT_TRUE(Answer({2}).ok());
  EXPECT_THAT(sink_.rows(), ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(Answer({5}).ok());
  EXPECT_THAT(NextBatch(), IsEmpty());
  EXPECT_THAT(sink_.rows(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_TRUE(window_->done());
}

TEST_F(RowWindowTest, AFileOfRejectedRecordsAloneFillsNoWindow) {
  Make("!!!!!!!!", {.rows_max = 2});
  EXPECT_THAT(NextBatch(), IsEmpty());
  EXPECT_EQ(sink_.rows().size(), 8u);
  EXPECT_TRUE(window_->done());
}

TEST_F(RowWindowTest, WaitsForRoomAndGoesOnWithAnAnswer) {
  Make("xxx", {.rows_max = 2});
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  std::thread answers([this] { EXPECT_TRUE(Answer({1}).ok()); });
  EXPECT_THAT(NextBatch(), ElementsAre(3));
  answers.join();
}

TEST_F(RowWindowTest, StopEndsTheWaiting) {
  Make("xxx", {.rows_max = 2});
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  std::thread stop([this] { window_->Stop(); });
  v1::ImportRows rows;
  EXPECT_EQ(window_->Next(rows), RowWindow::Batch::kStopped);
  stop.join();
}

TEST_F(RowWindowTest, SendsWhatHasNoResultAgain) {
  Make("xx!xx", {.batch_rows_max = 3});
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2, 4));
  EXPECT_TRUE(Answer({1}).ok());
  EXPECT_EQ(window_->answered_through_row(), 1);
  window_->Stop();
  window_->Restart();
  EXPECT_THAT(NextBatch(), ElementsAre(2, 4, 5));
  EXPECT_TRUE(Answer({2, 4, 5}).ok());
  EXPECT_THAT(sink_.rows(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(RowWindowTest, ARowThatWasNotSentInThisStreamCannotBeAnswered) {
  Make("xx");
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  window_->Restart();
  EXPECT_TRUE(absl::IsInternal(Answer({1})));
}

TEST_F(RowWindowTest, TakesResultsInTurnOnly) {
  Make("xx");
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  EXPECT_TRUE(absl::IsInternal(Answer({2})));
  EXPECT_THAT(sink_.rows(), IsEmpty());
}

struct GoOnCase {
  const char* name;
  std::int64_t after;
  std::int64_t answered_through_row;
  std::vector<std::int64_t> sent;
};
class GoOnAfterTest : public RowWindowTest, public testing::WithParamInterface<GoOnCase> {};

// Rows that the reader rejects are no rows to the server, so that the last row
// it answered may stand before the last result.
TEST_P(GoOnAfterTest, SaysWhatTheServerAnswered) {
  Make("xx!!-x!x");
  ASSERT_TRUE(window_->GoOnAfter(GetParam().after).ok());
  EXPECT_EQ(window_->answered_through_row(), GetParam().answered_through_row);
  EXPECT_EQ(NextBatch(), GetParam().sent);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoOnAfterTest,
    testing::Values(GoOnCase{"Nothing", 0, 0, {1, 2, 6, 8}}, GoOnCase{"ARow", 1, 1, {2, 6, 8}},
                    GoOnCase{"ARejectedRecord", 3, 2, {6, 8}},
                    GoOnCase{"ABlankRecord", 5, 2, {6, 8}}, GoOnCase{"TheNextRow", 6, 6, {8}},
                    GoOnCase{"Everything", 8, 8, {}}, GoOnCase{"MoreThanThereIs", 99, 8, {}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(RowWindowTest, ForgetsResultsThatDoNotHoldAnyMore) {
  Make("xxxx");
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(Answer({1, 2, 3}).ok());
  ASSERT_TRUE(window_->GoOnAfter(1).ok());
  EXPECT_EQ(window_->answered_through_row(), 1);
  EXPECT_THAT(NextBatch(), ElementsAre(2, 3, 4));
  EXPECT_EQ(window_->answered_rows(), 3) << "an answer that was void was progress nevertheless";
}

TEST_F(RowWindowTest, KnowsTheLastRowWithAResult) {
  Make("xx!!-x");
  EXPECT_EQ(window_->result_through_row(), 0);
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2, 6));
  EXPECT_TRUE(Answer({1}).ok());
  EXPECT_EQ(window_->result_through_row(), 1);
  EXPECT_TRUE(Answer({2}).ok());
  EXPECT_EQ(window_->result_through_row(), 4) << "the reader's rows count";
  ASSERT_TRUE(window_->GoOnAfter(3).ok());
  EXPECT_EQ(window_->result_through_row(), 4);
}

TEST_F(RowWindowTest, AFailingSinkEndsIt) {
  Make("xx");
  EXPECT_THAT(NextBatch(), ElementsAre(1, 2));
  sink_.Break();
  EXPECT_TRUE(absl::IsUnavailable(Answer({1})));
  v1::ImportRows rows;
  EXPECT_EQ(window_->Next(rows), RowWindow::Batch::kStopped);
  EXPECT_EQ(window_->answered_through_row(), 0);
}

}  // namespace
}  // namespace provisioning
