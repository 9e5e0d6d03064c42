// SPDX-License-Identifier: Apache-2.0
// A COMMIT whose answer was lost is settled, whatever else goes wrong meanwhile.
#include <memory>
#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_proxy.h"

namespace provisioning {
namespace {

using Fault = PostgresProxy::Fault;

// Where the connection is cut, and what the database says when it is asked.
class PostgresDoubtTest : public testing::TestWithParam<std::tuple<Fault, std::string>> {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<PostgresServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static std::unique_ptr<PostgresServer> server_;
  const std::string url_ = NewMigratedDatabase(*server_);
  PostgresProxy proxy_{server_->address()};
  const std::unique_ptr<PostgresIdentityStore> store_ =
      OpenPostgres({.url = proxy_.UrlThrough(url_)});
  FakeClock clock_;
};

std::unique_ptr<PostgresServer> PostgresDoubtTest::server_;

TEST_P(PostgresDoubtTest, IsSettled) {
  const auto& [where, sqlstate] = GetParam();
  TestImport import(*store_, clock_, Organization("practice"));
  import.Claim();
  proxy_.CutAt(where, "COMMIT", {.times = 1});
  // The first one is the batch's own.
  proxy_.AnswerWithError(sqlstate, "FROM import", {.skip = 1, .times = 1});
  const RowAnswer answer = import.SettleOne({.number = 1, .email_address = "a@x.example"});
  EXPECT_EQ(answer.outcome, RowOutcome::kCreated);
  EXPECT_TRUE(answer.credential_set);
  EXPECT_FALSE(answer.replayed);
  EXPECT_EQ(proxy_.counts().cuts, 1);
  EXPECT_EQ(proxy_.counts().errors, 1);
  EXPECT_EQ(server_->ReadCell(url_, "SELECT count(*), min(client_id::text) FROM client"),
            "1|" + answer.client_id.ToString());
}

INSTANTIATE_TEST_SUITE_P(All, PostgresDoubtTest,
                         testing::Combine(testing::Values(Fault::kCutBeforeForwarding,
                                                          Fault::kCutAfterForwarding),
                                          testing::Values("53100", "40001", "57P01", "XX000")));

}  // namespace
}  // namespace provisioning
