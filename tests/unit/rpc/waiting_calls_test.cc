// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/waiting_calls.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace provisioning {
namespace {

using Places = std::vector<std::optional<WaitingCalls::Place>>;

TEST(WaitingCallsTest, OneOrganizationDoesNotTakeTheRoomOfAll) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 10});
  Places places;
  places.push_back(calls.TryEnter("huge", "a"));
  places.push_back(calls.TryEnter("huge", "b"));
  EXPECT_TRUE(places[0] && places[1]);
  EXPECT_FALSE(calls.TryEnter("huge", "c"));
  EXPECT_TRUE(calls.TryEnter("small", "a"));
  places.pop_back();
  EXPECT_TRUE(calls.TryEnter("huge", "c"));
}

TEST(WaitingCallsTest, OneCallerDoesNotTakeTheRoomOfAll) {
  WaitingCalls calls({.of_one_organization = 2, .of_one_caller = 3, .of_all = 10});
  Places places;
  for (const char* organization : {"a", "b", "c"}) {
    places.push_back(calls.TryEnter(organization, "greedy"));
    EXPECT_TRUE(places.back());
  }
  EXPECT_FALSE(calls.TryEnter("d", "greedy"));
  EXPECT_TRUE(calls.TryEnter("d", "other"));
  places.pop_back();
  EXPECT_TRUE(calls.TryEnter("d", "greedy"));
}

TEST(WaitingCallsTest, ThereIsAnEndForAllTogether) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 3});
  Places places;
  for (const char* organization : {"a", "b", "c"}) {
    places.push_back(calls.TryEnter(organization, organization));
    EXPECT_TRUE(places.back());
  }
  EXPECT_FALSE(calls.TryEnter("d", "d"));
  places.pop_back();
  places.push_back(calls.TryEnter("d", "d"));
  EXPECT_TRUE(places.back());
  EXPECT_FALSE(calls.TryEnter("a", "a"));
}

TEST(WaitingCallsTest, WhoHasNoCallsIsForgotten) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 3});
  Places places;
  const std::string endless(1 << 20, 'x');
  for (const std::string& organization : {std::string("a"), std::string(), endless}) {
    places.push_back(calls.TryEnter(organization, "caller"));
    EXPECT_TRUE(places.back());
  }
  EXPECT_FALSE(calls.TryEnter("b", "caller")) << "who is refused is not remembered";
  EXPECT_EQ(calls.organizations(), 3u);
  places.clear();
  EXPECT_EQ(calls.organizations(), 0u);
}

}  // namespace
}  // namespace provisioning
