// SPDX-License-Identifier: Apache-2.0
// How organizations share the writer of the embedded store: by rows, and not by
// who came first. Each check first catches a writer that takes first who came
// first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "service/store/sqlite/sqlite_identity_store.h"
#include "tests/store_contract/test_import.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace provisioning {
namespace {

constexpr int batch_rows = 50;

// Batches of many streams that wait for the writer at the same time, and the
// order in which it takes them.
class WaitingBatches {
 public:
  explicit WaitingBatches(const OrganizationShares& shares,
                          int rows_per_transaction_max = batch_rows) {
    SqliteOptions options;
    options.path = folder_.File("clients.db");
    options.rows_per_transaction_max = rows_per_transaction_max;
    options.shares = shares;
    auto store = SqliteIdentityStore::Open(options);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // A stream of its own, with one batch.
  void Add(const std::string& organization, int rows) {
    auto import = std::make_unique<TestImport>(*store_, clock_, Organization(organization));
    import->Claim();
    std::vector<PreparedRow> prepared;
    for (int i = 1; i <= rows; ++i) {
      const std::string address =
          "r" + std::to_string(++addresses_) + "@" + organization + ".example";
      prepared.push_back(
          Prepare({.number = i, .email_address = address}, TestCredential::kGenerated));
    }
    waiting_.emplace_back(organization, import->MakeBatch(std::move(prepared)));
    imports_.push_back(std::move(import));
  }

  // One organization's batch, as it was answered.
  struct Committed {
    std::string organization;
    BatchAnswer answer;
    bool sees_all = false;  // The last batch that was added is in the store by then.
  };

  // The organizations of the batches, as they were committed.
  std::vector<std::string> Commit() {
    std::vector<std::string> order;
    for (const Committed& committed : CommitAll()) order.push_back(committed.organization);
    return order;
  }

  // Adds all while the writer is held, and returns what they are answered, in order.
  std::vector<Committed> CommitAll() {
    TestImport holder(*store_, clock_, Organization("holder"));
    holder.Claim();
    std::promise<void> held;
    std::promise<void> all_wait;
    store_->Commit(holder.MakeBatch({}), [&](const absl::StatusOr<BatchAnswer>&) {
      held.set_value();
      all_wait.get_future().wait();
    });
    held.get_future().wait();
    std::vector<Committed> order;
    std::promise<void> done;
    for (auto& [organization, batch] : waiting_) {
      store_->Commit(std::move(batch),
                     [&, name = organization](absl::StatusOr<BatchAnswer> answer) {
                       EXPECT_TRUE(answer.ok()) << answer.status();
                       if (answer.ok()) order.push_back({name, *std::move(answer), HasLast()});
                       if (order.size() == waiting_.size()) done.set_value();
                     });
    }
    all_wait.set_value();
    done.get_future().wait();
    return order;
  }

 private:
  bool HasLast() {
    const std::string& organization = waiting_.back().first;
    const auto client =
        store_->GetClientByEmail(Organization(organization), "r" + std::to_string(addresses_) +
                                                                 "@" + organization + ".example");
    return client.ok() && client->has_value();
  }

  const TempFolder folder_;
  FakeClock clock_;
  std::unique_ptr<SqliteIdentityStore> store_;
  std::vector<std::unique_ptr<TestImport>> imports_;
  std::vector<std::pair<std::string, std::shared_ptr<ImportBatch>>> waiting_;
  int addresses_ = 0;
};

// How many batches come before the first one of `organization`.
std::size_t Before(const std::vector<std::string>& order, const std::string& organization) {
  return static_cast<std::size_t>(std::ranges::find(order, organization) - order.begin());
}

std::size_t WaitOfASmallImport(const OrganizationShares& shares) {
  WaitingBatches batches(shares);
  for (int stream = 0; stream < 20; ++stream) batches.Add("huge", batch_rows);
  batches.Add("small", 10);
  return Before(batches.Commit(), "small");
}

TEST(FairCommitTest, TenRowsDoNotWaitBehindManyStreams) {
  EXPECT_EQ(WaitOfASmallImport(OrganizationShares::FirstComeFirstServed()), 20U)
      << "the check catches nothing";
  EXPECT_LE(WaitOfASmallImport({}), 1U);
}

// Jain's index of what each organization has got when a quarter of all is done:
// 1 if all are equal, 1/n if one has everything.
double JainIndex(const OrganizationShares& shares) {
  WaitingBatches batches(shares);
  const std::map<std::string, int> streams = {{"one", 16}, {"two", 8}, {"three", 6}, {"four", 6}};
  for (const auto& [organization, count] : streams) {
    for (int stream = 0; stream < count; ++stream) batches.Add(organization, batch_rows);
  }
  const std::vector<std::string> order = batches.Commit();
  double sum = 0;
  double squares = 0;
  for (const auto& [organization, count] : streams) {
    const auto got =
        static_cast<double>(std::count(order.begin(), order.begin() + 16, organization));
    sum += got;
    squares += got * got;
  }
  return sum * sum / (static_cast<double>(streams.size()) * squares);
}

TEST(FairCommitTest, OrganizationsAreServedAlikeHoweverManyStreamsTheyHave) {
  EXPECT_LT(JainIndex(OrganizationShares::FirstComeFirstServed()), 0.95)
      << "the check catches nothing";
  EXPECT_GE(JainIndex({}), 0.95);
}

TEST(FairCommitTest, AShareCounts) {
  OrganizationShares shares;
  shares.Set(Organization("double"), 2);
  WaitingBatches batches(shares);
  for (int stream = 0; stream < 12; ++stream) {
    batches.Add("single", batch_rows);
    batches.Add("double", batch_rows);
  }
  const std::vector<std::string> order = batches.Commit();
  EXPECT_NEAR(static_cast<double>(std::count(order.begin(), order.begin() + 12, "double")), 8, 1);
}

constexpr int large_rows = 2000;

TEST(FairCommitTest, ALargeBatchMakesWay) {
  WaitingBatches batches({});
  batches.Add("large", large_rows);
  batches.Add("small", 10);
  const auto committed = batches.CommitAll();
  ASSERT_EQ(committed.size(), 2U);
  EXPECT_EQ(committed[0].organization, "large");
  EXPECT_EQ(committed[0].answer.stop, BatchStop::kMadeWay);
  EXPECT_EQ(committed[0].answer.answers.size(), 256U) << "a question later than batch_rows";
  EXPECT_EQ(committed[1].answer.stop, BatchStop::kNone);
  EXPECT_EQ(committed[1].answer.answers.size(), 10U);
}

TEST(FairCommitTest, TenRowsDoNotWaitBehindManyLargeBatches) {
  WaitingBatches batches({});
  for (int stream = 0; stream < 5; ++stream) batches.Add("large", large_rows);
  batches.Add("small", 10);
  EXPECT_LE(Before(batches.Commit(), "small"), 1U);
}

// When the small one is answered, what waited behind it is not written yet.
TEST(FairCommitTest, ASmallBatchHasATransactionForItself) {
  WaitingBatches batches({}, /*rows_per_transaction_max=*/4096);
  batches.Add("small", 10);
  batches.Add("large", 300);
  const auto committed = batches.CommitAll();
  ASSERT_EQ(committed.size(), 2U);
  EXPECT_EQ(committed[0].organization, "small");
  EXPECT_FALSE(committed[0].sees_all) << "one transaction had both";
  EXPECT_TRUE(committed[1].sees_all);
}

TEST(FairCommitTest, ALargeBatchGoesOnWhileNobodyWaits) {
  WaitingBatches batches({});
  batches.Add("large", large_rows);
  const auto committed = batches.CommitAll();
  ASSERT_EQ(committed.size(), 1U);
  EXPECT_EQ(committed[0].answer.stop, BatchStop::kNone);
  EXPECT_EQ(committed[0].answer.answers.size(), static_cast<std::size_t>(large_rows));
}

}  // namespace
}  // namespace provisioning
