// SPDX-License-Identifier: Apache-2.0
// Many streams on one import at once: who holds it, and what each was told.
// ROUNDS and SEED of the environment choose how long and which.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/raw_database.h"
#include "tests/support/row_results.h"
#include "tests/support/watched_store.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::SizeIs;

constexpr int stream_count = 8;
constexpr std::int64_t row_count = 48;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  const std::uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
  std::cout << name << "=" << value << "\n";
  return value;
}

// A stream, from its start to its end, and what it was told.
struct Told {
  std::int64_t epoch = 0;
  std::int64_t answered_before = 0;
  std::int64_t settled_at_start = -1;
  absl::Status status;
  std::vector<RowResult> results;
};

// What the callers of an import have in common, as a file of results would be:
// where the answers without a gap end.
class Journal {
 public:
  std::int64_t answered_through_row() const {
    std::lock_guard lock(mutex_);
    return answered_through_row_;
  }
  void Add(Told told) {
    std::lock_guard lock(mutex_);
    const auto last = static_cast<std::int64_t>(told.results.size()) + told.answered_before;
    answered_through_row_ = std::max(answered_through_row_, last);
    streams_.push_back(std::move(told));
  }
  // By epoch, once all have ended.
  std::vector<Told> Streams() {
    std::ranges::sort(streams_, {}, &Told::epoch);
    return std::move(streams_);
  }

 private:
  mutable std::mutex mutex_;
  std::int64_t answered_through_row_ = 0;  // Guarded by mutex_.
  std::vector<Told> streams_;              // Guarded by mutex_.
};

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

  // From the journal's first unanswered row to the end of the import.
  void RunStream(StreamStart start, const std::string& session, Journal& journal,
                 std::mt19937_64 random) {
    Told told;
    told.answered_before = journal.answered_through_row();
    start.session_id = session;
    start.answered_through_row = told.answered_before;
    StreamCaller caller(core());
    caller.Start(std::move(start));
    for (std::int64_t next = told.answered_before + 1; next <= row_count;) {
      const std::int64_t last = std::min(row_count, next + static_cast<std::int64_t>(random() % 8));
      caller.SendRows(Rows(next, last));
      next = last + 1;
    }
    caller.End();
    caller.Close();
    told.status = caller.Wait();
    told.settled_at_start = caller.settled_at_start();
    told.results = caller.TakeResults();
    told.epoch = watched_->EpochOf(session);
    journal.Add(std::move(told));
  }

  std::vector<Told> Race(const StreamStart& start, std::mt19937_64& random) {
    Journal journal;
    std::vector<std::thread> threads;
    for (int i = 0; i < stream_count; ++i) {
      threads.emplace_back([this, &journal, start, i, seed = random()] {
        std::mt19937_64 own(seed);
        for (std::uint64_t turns = own() % 2000; turns > 0; --turns) std::this_thread::yield();
        RunStream(start, absl::StrCat("round", round_, "stream", i), journal, own);
      });
    }
    for (std::thread& thread : threads) thread.join();
    RunStream(start, absl::StrCat("round", round_, "last"), journal, random);
    return journal.Streams();
  }

  WatchedStore* watched_ = nullptr;
  int round_ = 0;
};

// A stream's end is OK, or that it lost the import. The last to claim it cannot
// have lost it.
void ExpectEnds(const std::vector<Told>& streams) {
  std::int64_t epoch = 0;
  for (const Told& stream : streams) {
    EXPECT_EQ(stream.epoch, ++epoch) << "no two streams have one epoch";
    if (stream.status.ok()) {
      EXPECT_EQ(stream.answered_before + static_cast<std::int64_t>(stream.results.size()),
                row_count);
    } else {
      EXPECT_EQ(ReasonOf(stream.status), ErrorReason::kTakenOver) << stream.status;
    }
  }
  EXPECT_TRUE(streams.back().status.ok()) << streams.back().status;
}

// Results follow what was answered before, without a gap, and say the same of a
// row to everybody. Only one stream can have found a row new.
void ExpectOneAccountARow(const std::vector<Told>& streams) {
  std::map<std::int64_t, Uuid> accounts;
  std::set<std::int64_t> found_new;
  for (const Told& stream : streams) {
    const auto count = static_cast<std::int64_t>(stream.results.size());
    EXPECT_EQ(NumbersOf(stream.results),
              Counting(stream.answered_before + 1, stream.answered_before + count));
    EXPECT_THAT(OutcomesOf(stream.results), Each(RowOutcome::kCreated));
    for (const RowResult& result : stream.results) {
      const auto [known, first] = accounts.emplace(result.row_number, result.client_id);
      EXPECT_EQ(known->second, result.client_id) << "row " << result.row_number;
      if (!result.replayed) {
        EXPECT_TRUE(found_new.insert(result.row_number).second) << "row " << result.row_number;
      }
    }
  }
}

// A stream may get results after a newer one has begun, for they were on their
// way; but of rows that were settled before the newer one's claim, for each
// commit checks the epoch. And what was settled then, the newer one replays.
void ExpectFencing(const std::vector<Told>& streams) {
  std::int64_t settled_by_older = 0;
  for (const Told& stream : streams) {
    // One whose claim was superseded before its start was answered has none.
    if (stream.settled_at_start >= 0) {
      EXPECT_LE(settled_by_older, stream.settled_at_start) << "epoch " << stream.epoch;
    }
    for (const RowResult& result : stream.results) {
      EXPECT_EQ(result.replayed, result.row_number <= stream.settled_at_start)
          << "epoch " << stream.epoch << ", row " << result.row_number;
      if (!result.replayed) settled_by_older = std::max(settled_by_older, result.row_number);
    }
  }
}

// Of the passwords that were given for a row only the one of the newest epoch
// can work: later claims commit later. That one may be void as well, if a still
// newer stream renewed it and lost the import before it could tell; but not if
// the last stream gave it.
void ExpectPasswords(const std::vector<Told>& streams, RawDatabase& database) {
  std::map<std::int64_t, const RowResult*> newest;
  for (const Told& stream : streams) {
    for (const RowResult& result : stream.results) {
      if (!result.temporary_password.empty()) newest[result.row_number] = &result;
    }
  }
  for (const Told& stream : streams) {
    for (const RowResult& result : stream.results) {
      if (result.temporary_password.empty()) continue;
      const std::string phc = database.CredentialOf(result.email_address);
      const bool works = VerifyCredential(phc, result.temporary_password);
      if (newest[result.row_number] != &result) {
        EXPECT_FALSE(works) << "row " << result.row_number;
      } else if (&stream == &streams.back()) {
        EXPECT_TRUE(works) << "row " << result.row_number;
      }
    }
  }
}

TEST_F(ImportOwnershipTest, EightStreamsOnOneImport) {
  const std::uint64_t rounds = FromEnvironment("ROUNDS", 50);
  std::mt19937_64 random(FromEnvironment("SEED", std::random_device{}()));
  for (std::uint64_t i = 0; i < rounds && !HasFailure(); ++i) {
    round_ = static_cast<int>(i);
    SCOPED_TRACE(absl::StrCat("round ", i));
    const StreamStart start = GeneratingStart();
    std::vector<Told> streams = Race(start, random);
    // Somebody whose answers are partly lost comes last.
    Journal lost;
    Told kept;
    kept.answered_before = static_cast<std::int64_t>(random() % (row_count + 1));
    lost.Add(std::move(kept));
    RunStream(start, absl::StrCat("round", i, "lost"), lost, random);
    streams.push_back(std::move(lost.Streams().back()));

    ASSERT_THAT(streams, SizeIs(stream_count + 2));
    ExpectEnds(streams);
    ExpectOneAccountARow(streams);
    ExpectFencing(streams);
    RawDatabase database(database_path());
    ExpectPasswords(streams, database);
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
