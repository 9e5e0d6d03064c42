// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/import/ownership_race.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/credential/credential_factory.h"
#include "service/model/error.h"
#include "tests/support/import_fixture.h"
#include "tests/support/row_results.h"
#include "tests/support/stream_caller.h"

namespace provisioning {

using testing::Each;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const given = std::getenv(name);
  const std::uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
  std::cout << name << "=" << value << "\n";
  return value;
}

// What the callers of an import have in common, as a file of results would be:
// where the answers without a gap end.
class OwnershipRace::Journal {
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

// From the journal's first unanswered row to the end of the import.
void OwnershipRace::RunStream(const Server& server, StreamStart start, const std::string& session,
                              Journal& journal, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Told told;
  told.answered_before = journal.answered_through_row();
  start.session_id = session;
  start.answered_through_row = told.answered_before;
  StreamCaller caller(*server.core);
  caller.Start(std::move(start));
  for (std::int64_t next = told.answered_before + 1; next <= row_count;) {
    const std::int64_t last = std::min(row_count, next + static_cast<std::int64_t>(random() % 8));
    std::vector<ClientRow> rows;
    for (; next <= last; ++next) rows.push_back(MakeRow(next, absl::StrCat(name_, "client", next)));
    caller.SendRows(std::move(rows));
  }
  caller.End();
  caller.Close();
  told.status = caller.Wait();
  told.settled_at_start = caller.settled_at_start();
  told.results = caller.TakeResults();
  told.epoch = server.store->EpochOf(session);
  journal.Add(std::move(told));
}

std::vector<Told> OwnershipRace::Run(const StreamStart& start, const std::string& name) {
  name_ = name;
  Journal journal;
  std::vector<std::thread> threads;
  for (int i = 0; i < stream_count; ++i) {
    threads.emplace_back([this, &journal, start, i, seed = random_()] {
      for (std::uint64_t turns = seed % 2000; turns > 0; --turns) std::this_thread::yield();
      RunStream(servers_[static_cast<std::size_t>(i) % servers_.size()], start,
                absl::StrCat(name_, "stream", i), journal, seed);
    });
  }
  for (std::thread& thread : threads) thread.join();
  RunStream(AnyServer(), start, absl::StrCat(name_, "last"), journal, random_());
  std::vector<Told> streams = journal.Streams();

  Journal lost;
  Told kept;
  kept.answered_before = static_cast<std::int64_t>(random_() % (row_count + 1));
  lost.Add(std::move(kept));
  RunStream(AnyServer(), start, absl::StrCat(name_, "lost"), lost, random_());
  streams.push_back(std::move(lost.Streams().back()));
  return streams;
}

namespace {

// A stream's end is OK, or that it lost the import. The last to claim it cannot
// have lost it.
void ExpectEnds(const std::vector<Told>& streams) {
  std::int64_t epoch = 0;
  for (const Told& stream : streams) {
    EXPECT_EQ(stream.epoch, ++epoch) << "no two streams have one epoch";
    if (stream.status.ok()) {
      EXPECT_EQ(stream.answered_before + static_cast<std::int64_t>(stream.results.size()),
                OwnershipRace::row_count);
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

}  // namespace

void ExpectOneOwner(const std::vector<Told>& streams) {
  ASSERT_THAT(streams, testing::SizeIs(OwnershipRace::stream_count + 2));
  ExpectEnds(streams);
  ExpectOneAccountARow(streams);
  ExpectFencing(streams);
}

// Of the passwords that were given for a row only the one of the newest epoch
// can work: later claims commit later. That one may be void as well, if a still
// newer stream renewed it and lost the import before it could tell; but not if
// the last stream gave it.
void ExpectPasswords(
    const std::vector<Told>& streams,
    const std::function<std::string(const std::string& email_address)>& credential_of) {
  std::map<std::int64_t, const RowResult*> newest;
  for (const Told& stream : streams) {
    for (const RowResult& result : stream.results) {
      if (!result.temporary_password.empty()) newest[result.row_number] = &result;
    }
  }
  for (const Told& stream : streams) {
    for (const RowResult& result : stream.results) {
      if (result.temporary_password.empty()) continue;
      const std::string phc = credential_of(result.email_address);
      const bool works = VerifyCredential(phc, result.temporary_password);
      if (newest[result.row_number] != &result) {
        EXPECT_FALSE(works) << "row " << result.row_number;
      } else if (&stream == &streams.back()) {
        EXPECT_TRUE(works) << "row " << result.row_number;
      }
    }
  }
}

}  // namespace provisioning
