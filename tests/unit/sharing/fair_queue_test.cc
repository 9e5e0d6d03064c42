// SPDX-License-Identifier: Apache-2.0
#include "service/sharing/fair_queue.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

using testing::ElementsAre;

std::vector<std::string> PopAll(FairQueue<std::string>& queue) {
  std::vector<std::string> items;
  while (!queue.empty()) items.push_back(queue.Pop());
  return items;
}

class FairQueueTest : public testing::Test {
 protected:
  OrganizationShares shares_;
  FairQueue<std::string> queue_{shares_};
};

TEST_F(FairQueueTest, OneOrganizationIsServedInOrder) {
  for (const char* item : {"1", "2", "3"}) queue_.Push("a", item, 1);
  EXPECT_THAT(PopAll(queue_), ElementsAre("1", "2", "3"));
}

TEST_F(FairQueueTest, OrganizationsTakeTurns) {
  for (const char* item : {"a1", "a2", "a3"}) queue_.Push("a", item, 1);
  for (const char* item : {"b1", "b2"}) queue_.Push("b", item, 1);
  EXPECT_THAT(PopAll(queue_), ElementsAre("a1", "b1", "a2", "b2", "a3"));
}

TEST_F(FairQueueTest, WhatCostsMoreComesLessOften) {
  for (const char* item : {"a1", "a2"}) queue_.Push("a", item, 10);
  for (const char* item : {"b1", "b2", "b3"}) queue_.Push("b", item, 4);
  EXPECT_THAT(PopAll(queue_), ElementsAre("a1", "b1", "b2", "b3", "a2"));
}

TEST_F(FairQueueTest, AShareCountsAgainstTheOthers) {
  shares_.Set(*OrganizationId::Parse("b"), 2);
  for (const char* item : {"a1", "a2", "a3"}) queue_.Push("a", item, 2);
  for (const char* item : {"b1", "b2", "b3", "b4"}) queue_.Push("b", item, 2);
  EXPECT_THAT(PopAll(queue_), ElementsAre("a1", "b1", "b2", "a2", "b3", "b4", "a3"));
}

TEST_F(FairQueueTest, WhoComesLateWaitsForNobodysBacklog) {
  for (int i = 0; i < 1000; ++i) queue_.Push("a", "a", 100);
  for (int i = 0; i < 500; ++i) queue_.Pop();
  queue_.Push("b", "b", 1);
  std::vector<std::string> next = {queue_.Pop(), queue_.Pop()};
  EXPECT_THAT(next, testing::Contains("b"));
}

TEST_F(FairQueueTest, APauseSavesNothingUp) {
  queue_.Push("b", "b", 1);
  for (int i = 0; i < 100; ++i) queue_.Push("a", "a", 1);
  for (int i = 0; i < 90; ++i) queue_.Pop();
  // "b" rested while "a" was served 89 times, and is owed none of them.
  for (int i = 0; i < 10; ++i) queue_.Push("b", "b", 1);
  int served = 0;
  for (int i = 0; i < 10; ++i) served += queue_.Pop() == "b" ? 1 : 0;
  EXPECT_EQ(served, 5);
}

// Over any time in which both wait, the difference of what two got, divided by
// their shares, is at most the sum of their largest items so divided.
TEST_F(FairQueueTest, NobodyFallsBehindByMoreThanAnItem) {
  const char* given = std::getenv("SEED");
  const auto seed = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device()();
  printf("SEED=%lu\n", static_cast<unsigned long>(seed));
  std::mt19937_64 random(seed);
  const std::map<std::string, double> share = {{"a", 1}, {"b", 1}, {"c", 3}, {"d", 0.5}};
  constexpr double cost_max = 100;
  FairQueue<std::pair<std::string, double>> queue(shares_);
  for (const auto& [organization, value] : share) {
    shares_.Set(*OrganizationId::Parse(organization), value);
  }
  const auto push = [&](const std::string& organization) {
    const double cost = std::uniform_real_distribution<double>(1, cost_max)(random);
    queue.Push(organization, {organization, cost}, cost);
  };
  std::map<std::string, double> got;
  for (const auto& [organization, value] : share) {
    for (int i = 0; i < 3; ++i) push(organization);
  }
  for (int i = 0; i < 20'000; ++i) {
    const auto [organization, cost] = queue.Pop();
    got[organization] += cost / share.at(organization);
    push(organization);
    for (const auto& [one, one_share] : share) {
      for (const auto& [other, other_share] : share) {
        ASSERT_LE(got[one] - got[other], cost_max / one_share + cost_max / other_share)
            << one << " against " << other << " after " << i << " items";
      }
    }
  }
}

TEST_F(FairQueueTest, TakesItemsThatCannotBeCopied) {
  FairQueue<std::unique_ptr<int>> queue(shares_);
  queue.Push("", std::make_unique<int>(7), 1);
  EXPECT_EQ(*queue.Front(), 7);
  EXPECT_EQ(*queue.Pop(), 7);
  EXPECT_TRUE(queue.empty());
}

TEST_F(FairQueueTest, OrganizationsThatHaveGoneAreForgotten) {
  for (int i = 0; i < 3; ++i) queue_.Push("stays", "item", 1);
  for (int i = 0; i < 100'000; ++i) {
    queue_.Push("organization-" + std::to_string(i), "item", 1);
    queue_.Push("stays", "item", 1);
    queue_.Pop();
    queue_.Pop();
  }
  EXPECT_LT(queue_.lines(), 1000U);
}

}  // namespace
}  // namespace provisioning
