// SPDX-License-Identifier: Apache-2.0
#include "tests/load/load_import.h"

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

// Rows that are due when the test says so.
class TestFeed final : public RowFeed {
 public:
  std::vector<std::int64_t> Take(int count) override {
    std::vector<std::int64_t> taken;
    while (!due.empty() && static_cast<int>(taken.size()) < count) {
      taken.push_back(due.front());
      due.erase(due.begin());
    }
    return taken;
  }
  bool Ended() override { return ended && due.empty(); }

  std::vector<std::int64_t> due;
  bool ended = false;
};

class LoadImportTest : public testing::Test {
 protected:
  LoadImportTest() {
    options_.rate = 1000;
    options_.seed = 3;
  }

  LoadImport Make(std::int64_t rows_max, std::int64_t cut_after_row = 0) {
    return LoadImport(run_, feed_, known_,
                      {.index = 0,
                       .organization = 0,
                       .rows_max = rows_max,
                       .first_person = 1,
                       .cut_after_row = cut_after_row});
  }

  // Takes `start` and the rows that are due; the answers that are right.
  v1::ImportClientsResponse Sent(LoadImport& import) {
    EXPECT_TRUE(import.NextMessage()->has_start());
    v1::ImportClientsResponse started;
    started.mutable_started();
    EXPECT_TRUE(import.Take(started));
    return Answers(*import.NextMessage());
  }

  static v1::ImportClientsResponse Answers(const v1::ImportClientsRequest& request) {
    v1::ImportClientsResponse response;
    for (const v1::ClientRow& row : request.rows().rows()) {
      v1::RowResult& result = *response.mutable_results()->add_results();
      result.set_row_number(row.row_number());
      result.set_outcome(v1::ROW_OUTCOME_CREATED);
      result.set_email_address(row.email_address());
      result.set_client_id("01890000-0000-7000-8000-00000000000" +
                           std::to_string(row.row_number()));
      result.set_temporary_password("AAAA-" + std::to_string(row.row_number()));
      result.mutable_password_expires_at()->set_seconds(1);
    }
    return response;
  }

  static v1::ImportClientsResponse Summary(int created, int replayed = 0) {
    v1::ImportClientsResponse response;
    response.mutable_summary()->mutable_rows()->set_created(created);
    response.mutable_summary()->set_replayed_rows(replayed);
    return response;
  }

  std::int64_t WrongOf(WrongKind kind) const {
    return record_.facts().wrong[static_cast<std::size_t>(kind)].count;
  }

  LoadOptions options_;
  RunRecord record_{1, true};
  std::int64_t now_ = 0;
  LoadImport::Run run_{options_, record_, [this] { return now_; }, "session"};
  TestFeed feed_;
  KnownClients known_;
};

TEST_F(LoadImportTest, LatencyCountsFromWhenARowWasDue) {
  LoadImport import = Make(3);
  feed_.due = {100'000, 200'000, 300'000};
  now_ = 1'000'000;
  const auto answers = Sent(import);
  now_ = 5'000'000;
  EXPECT_TRUE(import.Take(answers));
  EXPECT_TRUE(import.NextMessage()->has_end());
  EXPECT_TRUE(import.end_sent());
  EXPECT_EQ(import.NextMessage(), std::nullopt);
  EXPECT_TRUE(import.Take(Summary(3)));
  EXPECT_EQ(import.End("OK", "", false), LoadImport::After::kDone);
  const RunFacts facts = record_.facts();
  EXPECT_EQ(facts.wrong_count(), 0);
  EXPECT_EQ(facts.rows_answered, 3);
  EXPECT_EQ(facts.latency.smallest(), absl::Microseconds(4700));
  EXPECT_EQ(facts.latency.largest(), absl::Microseconds(4900));
  EXPECT_EQ(facts.service_time.smallest(), absl::Microseconds(4000));
  EXPECT_EQ(facts.service_time.largest(), absl::Microseconds(4000));
  EXPECT_EQ(facts.import_time.largest(), absl::Microseconds(5000));
}

TEST_F(LoadImportTest, NoRowDueIsNoMessageAndNoEnd) {
  LoadImport import = Make(3);
  EXPECT_TRUE(import.NextMessage()->has_start());
  EXPECT_EQ(import.NextMessage(), std::nullopt);
  feed_.due = {5};
  EXPECT_EQ(import.NextMessage()->rows().rows_size(), 1);
  EXPECT_EQ(import.NextMessage(), std::nullopt);
  feed_.ended = true;
  EXPECT_TRUE(import.NextMessage()->has_end());
}

TEST_F(LoadImportTest, EveryWrongAnswerIsCaught) {
  struct Case {
    WrongKind kind;
    std::function<void(v1::ImportResults&)> spoil;
  };
  const Case cases[] = {
      {WrongKind::kUnexpectedRow,
       [](auto& results) { results.mutable_results(0)->set_row_number(9); }},
      {WrongKind::kUnexpectedRow,
       [](auto& results) { *results.add_results() = v1::RowResult(results.results(2)); }},
      {WrongKind::kRowOrder, [](auto& results) { results.mutable_results()->SwapElements(0, 1); }},
      {WrongKind::kMissingResult, [](auto& results) { results.mutable_results()->RemoveLast(); }},
      {WrongKind::kOutcome,
       [](auto& results) { results.mutable_results(1)->set_outcome(v1::ROW_OUTCOME_REJECTED); }},
      {WrongKind::kFirstRow,
       [](auto& results) { results.mutable_results(1)->set_first_row_number(1); }},
      {WrongKind::kAddress,
       [](auto& results) { results.mutable_results(1)->set_email_address("a@example.com"); }},
      {WrongKind::kClient, [](auto& results) { results.mutable_results(1)->clear_client_id(); }},
      {WrongKind::kPasswordMissing,
       [](auto& results) { results.mutable_results(1)->clear_temporary_password(); }},
      {WrongKind::kPasswordMissing,
       [](auto& results) { results.mutable_results(1)->clear_password_expires_at(); }},
      {WrongKind::kReplay, [](auto& results) { results.mutable_results(1)->set_replayed(true); }},
  };
  for (const Case& c : cases) {
    const std::int64_t before = WrongOf(c.kind);
    LoadImport import = Make(3);
    feed_.due = {1, 2, 3};
    auto answers = Sent(import);
    c.spoil(*answers.mutable_results());
    import.Take(answers);
    import.NextMessage();
    import.End("OK", "", false);
    EXPECT_EQ(WrongOf(c.kind), before + 1) << NameOf(c.kind);
  }
}

TEST_F(LoadImportTest, ASummaryMustAddUp) {
  for (const auto& summary : {Summary(2), Summary(3, 1), Summary(4)}) {
    const std::int64_t before = WrongOf(WrongKind::kSummary);
    LoadImport import = Make(3);
    feed_.due = {1, 2, 3};
    import.Take(Sent(import));
    import.Take(summary);
    EXPECT_EQ(WrongOf(WrongKind::kSummary), before + 1);
  }
  LoadImport import = Make(1);
  feed_.due = {1};
  const std::int64_t before = WrongOf(WrongKind::kSummary);
  import.Take(Sent(import));
  import.NextMessage();
  import.End("OK", "", false);
  EXPECT_EQ(WrongOf(WrongKind::kSummary), before + 1);
}

TEST_F(LoadImportTest, AResultBeforeStartedIsWrong) {
  LoadImport import = Make(1);
  feed_.due = {1};
  import.NextMessage();
  import.Take(Answers(*import.NextMessage()));
  EXPECT_EQ(WrongOf(WrongKind::kMessage), 1);
}

TEST_F(LoadImportTest, AFailedStreamLeavesItsRowsUnknown) {
  LoadImport import = Make(3);
  feed_.due = {1, 2, 3};
  auto answers = Sent(import);
  answers.mutable_results()->mutable_results()->RemoveLast();
  import.Take(answers);
  EXPECT_EQ(import.End("UNAVAILABLE DRAINING", "bye", false), LoadImport::After::kFailed);
  const RunFacts facts = record_.facts();
  EXPECT_EQ(facts.rows_unknown, 1);
  EXPECT_EQ(facts.stream_errors.at("UNAVAILABLE DRAINING").count, 1);
  EXPECT_EQ(facts.wrong_count(), 0);
}

class CutImportTest : public LoadImportTest {
 protected:
  // Rows 1 and 2 are answered, then 3 and 4, where it is cut.
  CutImportTest() : import_(Make(5, 3)) {
    options_.rows_per_message = 2;
    feed_.due = {1, 2, 3, 4};
    EXPECT_TRUE(import_.Take(Sent(import_)));
    lost_ = Answers(*import_.NextMessage());
    EXPECT_FALSE(import_.Take(lost_));
    EXPECT_EQ(import_.End("CANCELLED", "", false), LoadImport::After::kResume);
  }

  v1::ImportClientsResponse ResumedAnswers() {
    start_ = *import_.NextMessage();
    v1::ImportClientsResponse started;
    started.mutable_started();
    import_.Take(started);
    auto answers = Answers(*import_.NextMessage());
    for (auto& result : *answers.mutable_results()->mutable_results()) {
      result.set_replayed(true);
      result.set_temporary_password("BBBB");
    }
    return answers;
  }

  LoadImport import_;
  v1::ImportClientsResponse lost_;
  v1::ImportClientsRequest start_;
};

TEST_F(CutImportTest, GoesOnAtTheFirstRowWithoutAResult) {
  const auto answers = ResumedAnswers();
  EXPECT_EQ(start_.start().attempt(), 1);
  EXPECT_EQ(start_.start().answered_through_row(), 2);
  ASSERT_EQ(answers.results().results_size(), 2);
  EXPECT_EQ(answers.results().results(0).row_number(), 3);
  EXPECT_TRUE(import_.Take(answers));
  feed_.due = {5};
  EXPECT_TRUE(import_.Take(Answers(*import_.NextMessage())));
  EXPECT_TRUE(import_.NextMessage()->has_end());
  EXPECT_TRUE(import_.Take(Summary(3, 2)));
  EXPECT_EQ(import_.End("OK", "", false), LoadImport::After::kDone);
  const RunFacts facts = record_.facts();
  EXPECT_EQ(facts.wrong_count(), 0) << testing::PrintToString(facts.wrong[11].examples);
  EXPECT_EQ(facts.rows_sent, 5);
  EXPECT_EQ(facts.rows_answered, 5);
  EXPECT_EQ(facts.answered_twice, 2);
  EXPECT_EQ(facts.rows_resent, 2);
  EXPECT_EQ(facts.outcomes[v1::ROW_OUTCOME_CREATED], 5);
}

TEST_F(CutImportTest, ASecondAnswerThatDiffersIsWrong) {
  auto answers = ResumedAnswers();
  auto& results = *answers.mutable_results();
  results.mutable_results(0)->set_client_id("01890000-0000-7000-8000-000000000009");
  results.mutable_results(1)->set_temporary_password(
      lost_.results().results(1).temporary_password());
  import_.Take(answers);
  EXPECT_EQ(WrongOf(WrongKind::kReplay), 2);
}

TEST_F(CutImportTest, ASecondAnswerThatIsNoReplayIsWrong) {
  auto answers = ResumedAnswers();
  answers.mutable_results()->mutable_results(0)->set_replayed(false);
  import_.Take(answers);
  EXPECT_EQ(WrongOf(WrongKind::kReplay), 1);
}

TEST_F(CutImportTest, WhoIsGivenUpDoesNotResume) {
  LoadImport other = Make(2, 1);
  feed_.due = {1};
  EXPECT_FALSE(other.Take(Sent(other)));
  EXPECT_EQ(other.End("CANCELLED", "", true), LoadImport::After::kFailed);
}

}  // namespace
}  // namespace provisioning
