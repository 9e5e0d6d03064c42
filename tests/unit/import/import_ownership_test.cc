// SPDX-License-Identifier: Apache-2.0
// Many streams on one import at once: who holds it, and what each was told.
// ROUNDS and SEED of the environment choose how long and which.
#include <algorithm>
#include <latch>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"
#include "tests/unit/import/ownership_race.h"

namespace provisioning {
namespace {

using testing::Each;

constexpr int stream_count = OwnershipRace::stream_count;
constexpr std::int64_t row_count = OwnershipRace::row_count;

class ImportOwnershipTest : public ImportFixture {
 protected:
  ImportOwnershipTest() {
    WrapStore([this](IdentityStore& store) {
      auto watched = std::make_unique<WatchedStore>(store);
      watched_ = watched.get();
      return watched;
    });
    (void)core();
  }

  std::vector<ClientRow> Rows(std::int64_t first, std::int64_t last) const {
    std::vector<ClientRow> rows;
    for (std::int64_t number = first; number <= last; ++number) {
      rows.push_back(MakeRow(number, absl::StrCat("round", round_, "client", number)));
    }
    return rows;
  }

  WatchedStore* watched_ = nullptr;
  int round_ = 0;
};

TEST_F(ImportOwnershipTest, EightStreamsOnOneImport) {
  const std::uint64_t rounds = FromEnvironment("ROUNDS", 50);
  OwnershipRace race({{&core(), watched_}}, FromEnvironment("SEED", std::random_device{}()));
  for (std::uint64_t i = 0; i < rounds && !HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("round ", i));
    const std::vector<Told> streams = race.Run(GeneratingStart(), absl::StrCat("round", i));
    ExpectOneOwner(streams);
    RawDatabase database(database_path());
    ExpectPasswords(streams, [&database](const std::string& email_address) {
      return database.CredentialOf(email_address);
    });
    EXPECT_EQ(database.ReadCell(absl::StrCat(
                  "SELECT count(*) || ' ' || count(DISTINCT created_row) FROM client WHERE "
                  "email_address LIKE 'round",
                  i, "client%'")),
              absl::StrCat(row_count, " ", row_count));
  }
  EXPECT_EQ(core().stream_count(), 0);
  EXPECT_EQ(core().bytes_under_way(), 0);
}

TEST_F(ImportOwnershipTest, HighestAttemptOfASessionHoldsWhoeverComesLast) {
  std::mt19937_64 random(FromEnvironment("SEED", std::random_device{}()));
  for (round_ = 0; round_ < 10; ++round_) {
    StreamStart start = GeneratingStart();
    start.session_id = "one process";
    start.answered_through_row = 0;
    std::vector<int> attempts(stream_count);
    std::iota(attempts.begin(), attempts.end(), 1);
    std::ranges::shuffle(attempts, random);
    std::latch all_came(stream_count);
    std::vector<absl::Status> ends(stream_count + 1);
    std::vector<std::thread> threads;
    for (const int attempt : attempts) {
      threads.emplace_back([this, &all_came, &end = ends[static_cast<std::size_t>(attempt)], start,
                            attempt]() mutable {
        start.attempt = attempt;
        StreamCaller caller(core());
        caller.Start(start);
        caller.SendRows(Rows(1, row_count / 2));  // Waits for the claim.
        // Or an early one could complete the import and be right.
        all_came.arrive_and_wait();
        caller.SendRows(Rows(row_count / 2 + 1, row_count));
        caller.End();
        caller.Close();
        end = caller.Wait();
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t attempt = 1; attempt < stream_count; ++attempt) {
      EXPECT_EQ(ReasonOf(ends[attempt]), ErrorReason::kTakenOver) << ends[attempt];
    }
    EXPECT_TRUE(ends[stream_count].ok()) << ends[stream_count];
  }
}

TEST_F(ImportOwnershipTest, AttemptsOfTwoSessionsAreNotCompared) {
  StreamStart start = GeneratingStart();
  start.session_id = "one process";
  start.attempt = 7;
  StreamCaller first(core());
  first.Start(start);
  first.SendRows(Rows(1, 1));
  StreamStart other = start;
  other.session_id = "another process";
  other.attempt = 1;
  StreamCaller second(core());
  second.Start(other);
  second.SendRows(Rows(1, 2));
  EXPECT_EQ(ReasonOf(first.Wait()), ErrorReason::kTakenOver);
  // The first one's next attempt takes the import back.
  start.attempt = 8;
  const Answers last = Import(start, Rows(1, 3));
  EXPECT_TRUE(last.status.ok()) << last.status;
  EXPECT_EQ(ReasonOf(second.Wait()), ErrorReason::kTakenOver);
}

TEST_F(ImportOwnershipTest, ImportsOfOneOrganizationDoNotDisturbEachOther) {
  StreamCaller one(core());
  one.Start(GeneratingStart());
  one.SendRows(Rows(1, 10));
  round_ = 1;
  const Answers other = Import(GeneratingStart(), Rows(1, 10));
  EXPECT_TRUE(other.status.ok()) << other.status;
  one.End();
  one.Close();
  EXPECT_TRUE(one.Wait().ok());
  EXPECT_THAT(OutcomesOf(one.TakeResults()), Each(RowOutcome::kCreated));
}

}  // namespace
}  // namespace provisioning
