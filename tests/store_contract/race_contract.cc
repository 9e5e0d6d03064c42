// SPDX-License-Identifier: Apache-2.0
// Many streams at once: every address is made once in its organization.
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "tests/store_contract/identity_store_suite.h"

namespace provisioning {
namespace {

using enum RowOutcome;

constexpr int streams = 8;
constexpr int people = 300;
constexpr int batch_rows = 20;

// Every thread imports the same people, each beginning with another one.
TEST_P(IdentityStoreSuite, StreamsThatRaceForTheSameAddressesMakeEachOnce) {
  std::mutex mutex;
  std::map<std::pair<std::string, std::string>, int> created;  // Guarded by mutex.
  std::vector<std::thread> threads;
  for (int stream = 0; stream < streams; ++stream) {
    threads.emplace_back([&, stream] {
      const OrganizationId& owner = stream % 4 == 0 ? other_organization : organization;
      TestImport import(*store_, clock_, owner);
      import.Claim();
      for (int begin = 0; begin < people; begin += batch_rows) {
        std::vector<TestRow> rows;
        for (int i = begin; i < begin + batch_rows; ++i) {
          const int person = (i + stream * batch_rows) % people;
          rows.push_back({.number = i + 1, .email_address = std::to_string(person) + "@x.example"});
        }
        const auto answers = import.Settle(rows);
        std::lock_guard lock(mutex);
        for (int i = 0; i < batch_rows; ++i) {
          if (answers[i].outcome == kCreated) ++created[{owner.value(), rows[i].email_address}];
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created.size(), 2u * people);
  for (const auto& [address, times] : created) {
    EXPECT_EQ(times, 1) << address.first << " " << address.second;
  }
}

TEST_P(IdentityStoreSuite, OfStreamsThatRaceForOneImportTheLastToClaimGoesOn) {
  const TestImport import(*store_, clock_, organization);
  std::vector<std::thread> threads;
  for (int stream = 0; stream < streams; ++stream) {
    threads.emplace_back([&] {
      TestImport own = import;
      for (int round = 0; round < 20; ++round) {
        own.Claim();
        auto batch = own.MakeBatch({});
        batch->rows.push_back(
            Prepare({.number = 1, .email_address = "a@x.example"}, TestCredential::kGenerated));
        const auto answer = own.Commit(batch);
        if (!answer.ok()) {
          EXPECT_THAT(answer.status(), HasReason(ErrorReason::kTakenOver));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const ImportRecord record = import.Record();
  EXPECT_EQ(record.stream_count, streams * 20);
  EXPECT_EQ(record.rows.total(), 1) << "the row is new once";
}

TEST_P(IdentityStoreSuite, ReadersSeeWholeBatches) {
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      const auto page = store_->ListClients(organization, {}, std::nullopt, 1000);
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_EQ(page->records.size() % batch_rows, 0u);
    }
  });
  TestImport import = NewImport();
  for (int begin = 0; begin < people; begin += batch_rows) {
    std::vector<TestRow> rows;
    for (int i = begin; i < begin + batch_rows; ++i) {
      rows.push_back({.number = i + 1, .email_address = std::to_string(i) + "@x.example"});
    }
    import.Settle(rows);
  }
  stop = true;
  reader.join();
}

TEST_P(IdentityStoreSuite, ClosingWaitsForAllCallbacks) {
  constexpr int count = 50;
  std::atomic<int> answered = 0;
  for (int i = 0; i < count; ++i) {
    TestImport import = NewImport();
    auto batch = import.MakeBatch({});
    batch->rows.push_back(Prepare({.number = 1, .email_address = std::to_string(i) + "@x.example"},
                                  TestCredential::kGenerated));
    store_->Commit(batch, [&](absl::StatusOr<BatchAnswer> answer) {
      EXPECT_TRUE(answer.ok()) << answer.status();
      ++answered;
    });
  }
  store_.reset();
  EXPECT_EQ(answered, count);
}

}  // namespace
}  // namespace provisioning
