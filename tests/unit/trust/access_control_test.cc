// SPDX-License-Identifier: Apache-2.0
#include "service/trust/access_control.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

const Caller onboarding{"spiffe://clinic.example/onboarding"};
const Caller support{"support.clinic.example"};
const Caller stranger{"spiffe://elsewhere.example/x"};

Policy SomePolicy() {
  return {
      {onboarding.name,
       {.organizations = {"one", "two"}, .verbs = {Verb::kImport, Verb::kRead}, .streams_max = 2}},
      {support.name, {.every_organization = true, .verbs = Verb::kReissue, .streams_max = 1}}};
}

class AccessControlTest : public testing::Test {
 protected:
  AccessControlTest() { access_.SetPolicy(SomePolicy()); }

  bool May(const Caller& caller, const std::string& organization, const VerbSet& verbs) const {
    const absl::Status status = access_.Check(caller, organization, verbs);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
      EXPECT_EQ(ReasonOf(status), ErrorReason::kNotAllowed);
    }
    return status.ok();
  }

  AccessControl access_;
};

TEST_F(AccessControlTest, WhatIsNotGivenIsDenied) {
  EXPECT_TRUE(May(onboarding, "one", Verb::kImport));
  EXPECT_TRUE(May(onboarding, "two", {Verb::kImport, Verb::kRead}));
  EXPECT_FALSE(May(onboarding, "three", Verb::kImport));
  EXPECT_FALSE(May(onboarding, "on", Verb::kImport));
  EXPECT_FALSE(May(onboarding, "", Verb::kImport));
  EXPECT_FALSE(May(onboarding, "*", Verb::kImport));
  EXPECT_FALSE(May(onboarding, "one", Verb::kDelete));
  EXPECT_FALSE(May(onboarding, "one", {Verb::kImport, Verb::kReissue}));
  EXPECT_TRUE(May(support, "one", Verb::kReissue));
  EXPECT_TRUE(May(support, "any", Verb::kReissue));
  EXPECT_FALSE(May(support, "any", Verb::kRead));
  EXPECT_FALSE(May(stranger, "one", Verb::kRead));
  EXPECT_FALSE(May({""}, "one", Verb::kRead));
}

TEST_F(AccessControlTest, AllDenialsOfAVerbReadTheSame) {
  const absl::Status exists = access_.Check(onboarding, "one", Verb::kDelete);
  EXPECT_EQ(access_.Check(onboarding, "nobody-has-this", Verb::kDelete), exists);
  EXPECT_EQ(access_.Check(onboarding, std::string(100'000, 'x'), Verb::kDelete), exists);
}

TEST_F(AccessControlTest, KnowsWhoIsInThePolicy) {
  EXPECT_TRUE(access_.CheckKnown(support).ok());
  EXPECT_EQ(access_.CheckKnown(stranger).code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(AccessControlTest, AnEmptyPolicyLetsNobodyIn) {
  access_.SetPolicy({});
  EXPECT_TRUE(access_.has_policy());
  EXPECT_FALSE(May(onboarding, "one", Verb::kImport));
  EXPECT_FALSE(access_.CheckKnown(onboarding).ok());
  EXPECT_FALSE(access_.OpenStream(onboarding).ok());
}

TEST(NoPolicyTest, NobodyMayDoAnythingYet) {
  AccessControl access;
  EXPECT_TRUE(access.has_policy());
  EXPECT_FALSE(access.Check(stranger, "one", Verb::kRead).ok());
  EXPECT_FALSE(access.OpenStream(stranger).ok());
}

TEST(NoPolicyTest, LetsEverybodyDoEverything) {
  AccessControl access = AccessControl::ForEverybody();
  EXPECT_FALSE(access.has_policy());
  EXPECT_TRUE(access.Check(stranger, "one", VerbSet::All()).ok());
  EXPECT_TRUE(access.CheckKnown(stranger).ok());
  std::vector<StreamPlace> places;
  for (int i = 0; i < 1000; ++i) places.push_back(*access.OpenStream(stranger));
  EXPECT_EQ(access.open_streams(), 0) << "not counted";
}

TEST_F(AccessControlTest, CountsStreamsOfEachCaller) {
  auto first = access_.OpenStream(onboarding);
  auto second = access_.OpenStream(onboarding);
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = access_.OpenStream(onboarding);
  EXPECT_EQ(third.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(third.status()), ErrorReason::kTooManyStreams);
  EXPECT_TRUE(WaitOf(third.status()).has_value());
  EXPECT_TRUE(access_.OpenStream(support).ok()) << "each has its own";
  first->Leave();
  first->Leave();
  EXPECT_EQ(access_.open_streams(), 1) << "once is once";
  EXPECT_TRUE(access_.OpenStream(onboarding).ok());
  EXPECT_EQ(access_.open_streams(), 1) << "a place that goes is given back";
}

TEST_F(AccessControlTest, APlaceMovesAndIsGivenBackOnce) {
  {
    StreamPlace place = *access_.OpenStream(onboarding);
    StreamPlace moved = std::move(place);
    StreamPlace another = *access_.OpenStream(onboarding);
    EXPECT_EQ(access_.open_streams(), 2);
    another = std::move(moved);
    EXPECT_EQ(access_.open_streams(), 2);
  }
  EXPECT_EQ(access_.open_streams(), 0);
}

TEST_F(AccessControlTest, ALowerLimitEndsNoStream) {
  auto first = access_.OpenStream(onboarding);
  auto second = access_.OpenStream(onboarding);
  Policy policy = SomePolicy();
  policy.at(onboarding.name).streams_max = 1;
  access_.SetPolicy(policy);
  first->Leave();
  EXPECT_FALSE(access_.OpenStream(onboarding).ok());
  second->Leave();
  EXPECT_TRUE(access_.OpenStream(onboarding).ok());
}

// Never more than the limit, never one that is not given back; the policy changes
// meanwhile, and each answer is by the one or the other.
TEST_F(AccessControlTest, ManyThreads) {
  constexpr int rounds = 3000;
  std::atomic<int> open = 0;
  std::atomic<int> most = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        auto place = access_.OpenStream(onboarding);
        if (!place.ok()) continue;
        const int now = ++open;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        EXPECT_TRUE(access_.Check(onboarding, "one", Verb::kImport).ok());
        --open;
      }
    });
  }
  std::thread changer([&] {
    Policy without_two = SomePolicy();
    without_two.at(onboarding.name).organizations.erase("two");
    while (!done) {
      access_.SetPolicy(without_two);
      access_.SetPolicy(SomePolicy());
    }
  });
  for (std::thread& thread : threads) thread.join();
  done = true;
  changer.join();
  EXPECT_LE(most, 2);
  EXPECT_GE(most, 1);
  EXPECT_EQ(access_.open_streams(), 0);
}

}  // namespace
}  // namespace provisioning
