// SPDX-License-Identifier: Apache-2.0
// Two servers on one PostgreSQL, that of POSTGRES_URL if there is one. ROUNDS and
// SEED of the environment choose how long and which.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/store/failure_key.h"
#include "tests/support/fake_clock.h"
#include "tests/support/postgres_database.h"
#include "tests/support/postgres_session.h"
#include "tests/support/test_server.h"
#include "tests/unit/import/ownership_race.h"

namespace provisioning {
namespace {

class TwoServersTest : public testing::Test {
 protected:
  FakeClock clock_;
  const std::string url_ = NewTestDatabase();
  TestServer first_{OpenPostgres({.url = url_}), clock_};
  TestServer second_{OpenPostgres({.url = url_}), clock_};
};

TEST_F(TwoServersTest, EightStreamsOnOneImport) {
  const std::uint64_t rounds = FromEnvironment("ROUNDS", 50);
  OwnershipRace race({{&first_.core(), &first_.watched()}, {&second_.core(), &second_.watched()}},
                     FromEnvironment("SEED", std::random_device{}()));
  for (std::uint64_t i = 0; i < rounds && !HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("round ", i));
    StreamStart start{.organization_id = *OrganizationId::Parse("practice"),
                      .import_id = Uuid::NewV7(clock_.Now())};
    start.options.missing_password = MissingPassword::kGenerate;
    const std::vector<Told> streams = race.Run(start, absl::StrCat("round", i));
    ExpectOneOwner(streams);
    PostgresSession database(url_);
    ExpectPasswords(streams, [&database](const std::string& email_address) {
      return database.ReadCell("SELECT credential FROM client WHERE email_address='" +
                               email_address + "'");
    });
    EXPECT_EQ(database.ReadCell(
                  absl::StrCat("SELECT count(*), count(DISTINCT created_row) FROM client WHERE "
                               "email_address LIKE 'round",
                               i, "client%'")),
              absl::StrCat(OwnershipRace::row_count, "|", OwnershipRace::row_count));
  }
}

// However many guess at the same time, and on whichever server.
TEST_F(TwoServersTest, AThousandGuessesGetAHundred) {
  const OrganizationId organization = *OrganizationId::Parse("practice");
  const FailureLimits limits{.failures_without_wait = 100};
  for (const FailureKey& key : {FailureKeyOf(organization, Uuid::NewV7(clock_.Now()), "phc"),
                                UnknownFailureKey(organization, "nobody@practice.example")}) {
    std::atomic<int> guesses = 0;
    std::atomic<int> counted = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, store = i % 2 == 0 ? &first_.store() : &second_.store()] {
        while (++guesses <= 1'000) {
          const auto answer = store->CountAttempt(key, limits, clock_.Now());
          ASSERT_TRUE(answer.ok()) << answer.status();
          if (answer->verdict == AttemptAnswer::Verdict::kCounted) ++counted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counted, 100);
    const auto after = second_.store().CountAttempt(key, limits, clock_.Now());
    ASSERT_TRUE(after.ok()) << after.status();
    EXPECT_EQ(after->verdict, AttemptAnswer::Verdict::kLocked);
    EXPECT_EQ(after->failures, 100);
  }
}

}  // namespace
}  // namespace provisioning
