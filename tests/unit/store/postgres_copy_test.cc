// SPDX-License-Identifier: Apache-2.0
// New clients come by COPY, which either takes all of them or none: what happens
// when another one makes one of them meanwhile, and when the COPY fails.
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/poll_until.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_proxy.h"
#include "tests/support/postgres_session.h"

namespace provisioning {
namespace {

using testing::ElementsAre;
using enum RowOutcome;

// A client with that address, as another program makes it.
std::string MakeClient(const std::string& email_address) {
  return "INSERT INTO client (organization_id, client_id, email_address, first_name, last_name, "
         "state, create_time, update_time, created_import, created_row, profile_changed, used, "
         "credential, credential_generated) VALUES ('practice', gen_random_uuid(), '" +
         email_address +
         "', 'A', 'B', 1, now(), now(), gen_random_uuid(), 1, false, false, 'x', true)";
}

class PostgresCopyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  absl::Status CommitOne() {
    std::vector<PreparedRow> rows;
    rows.push_back(
        Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
    return import_.Commit(import_.MakeBatch(std::move(rows))).status();
  }
  // Another transaction makes b@x.example, which the look-up does not see, and for which
  // the COPY waits; `meanwhile` ends it.
  std::vector<RowAnswer> SettleBesideB(const std::vector<TestRow>& rows,
                                       const std::function<void(PostgresSession&)>& meanwhile) {
    import_.Claim();
    PostgresSession other(url_);
    other.Execute("BEGIN");
    other.Execute(MakeClient("b@x.example"));
    std::vector<RowAnswer> answers;
    std::thread settles([&] { answers = import_.Settle(rows); });
    EXPECT_TRUE(PollUntil([this] { return CopyWaits(); }));
    meanwhile(other);
    settles.join();
    return answers;
  }
  // For the lock of another transaction.
  bool CopyWaits() {
    return PostgresSession(url_).ReadCell(
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type='Lock' AND query LIKE "
               "'COPY client%' AND datname=current_database()") == "1";
  }
  std::string CountClients() {
    return PostgresSession(url_).ReadCell("SELECT count(*) FROM client");
  }

  static std::unique_ptr<PostgresServer> server_;
  const std::string url_ = NewMigratedDatabase(*server_);
  PostgresProxy proxy_{server_->address()};
  const std::unique_ptr<PostgresIdentityStore> store_ =
      OpenPostgres({.url = proxy_.UrlThrough(url_)});
  FakeClock clock_;
  TestImport import_{*store_, clock_, Organization("practice")};
};

std::unique_ptr<PostgresServer> PostgresCopyTest::server_;

TEST_F(PostgresCopyTest, WhoeverIsMadeBetweenTheLookUpAndTheCopyIsThereAlready) {
  const auto answers = SettleBesideB({{.number = 1, .email_address = "a@x.example"},
                                      {.number = 2, .email_address = "b@x.example"},
                                      {.number = 3, .email_address = "c@x.example"}},
                                     [](PostgresSession& other) { other.Execute("COMMIT"); });
  EXPECT_THAT(Outcomes(answers), ElementsAre(kCreated, kAlreadyExists, kCreated));
  EXPECT_EQ(CountClients(), "3");
}

TEST_F(PostgresCopyTest, WhoeverIsRolledBackMeanwhileIsMade) {
  const auto answers = SettleBesideB({{.number = 1, .email_address = "b@x.example"}},
                                     [](PostgresSession& other) { other.Execute("ROLLBACK"); });
  EXPECT_THAT(Outcomes(answers), ElementsAre(kCreated));
  EXPECT_EQ(CountClients(), "1");
}

class FailedCopyTest : public PostgresCopyTest, public testing::WithParamInterface<const char*> {};

// Those that pass; the last two are what Citus says.
TEST_P(FailedCopyTest, IsDoneAgain) {
  import_.Claim();
  proxy_.AnswerWithError(GetParam(), "COPY client", {.times = 2});
  EXPECT_EQ(import_.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome, kCreated);
  EXPECT_EQ(proxy_.counts().errors, 2);
  EXPECT_EQ(CountClients(), "1");
}

INSTANTIATE_TEST_SUITE_P(All, FailedCopyTest,
                         testing::Values("23505", "40001", "57014", "25006", "57P01", "08006",
                                         "XX000", "58030"));

TEST_F(PostgresCopyTest, OnAFullDiskNothingOfItIsThere) {
  import_.Claim();
  proxy_.AnswerWithError("53100", "COPY client", {.times = 1});
  EXPECT_THAT(CommitOne(), HasReason(ErrorReason::kDiskFull));
  EXPECT_EQ(CountClients(), "0");
  EXPECT_EQ(import_.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome, kCreated);
}

TEST_F(PostgresCopyTest, OneThatIsCutBeforeItBeginsIsDoneAgain) {
  import_.Claim();
  proxy_.CutAt(PostgresProxy::Fault::kCutBeforeForwarding, "COPY client", {.times = 1});
  EXPECT_EQ(import_.SettleOne({.number = 1, .email_address = "a@x.example"}).outcome, kCreated);
  EXPECT_EQ(proxy_.counts().cuts, 1);
  EXPECT_EQ(CountClients(), "1");
}

TEST_F(PostgresCopyTest, OneThatIsCutWithItsRowsSentIsDoneAgain) {
  const auto answers = SettleBesideB({{.number = 1, .email_address = "b@x.example"}},
                                     [this](PostgresSession& other) {
                                       proxy_.CutConnections();
                                       other.Execute("ROLLBACK");
                                     });
  EXPECT_THAT(Outcomes(answers), ElementsAre(kCreated));
  EXPECT_EQ(CountClients(), "1");
}

// Elsewhere the same error is one that stays, and is said at once.
TEST_F(PostgresCopyTest, AnInternalErrorOfAnotherStatementIsNotDoneAgain) {
  import_.Claim();
  proxy_.AnswerWithError("XX000", "FROM import", {.times = 1});
  EXPECT_THAT(CommitOne(), HasReason(ErrorReason::kStoreUnavailable));
  EXPECT_EQ(CountClients(), "0");
}

}  // namespace
}  // namespace provisioning
