// SPDX-License-Identifier: Apache-2.0
#include "service/rpc/waiting_calls.h"

#include <gtest/gtest.h>

namespace provisioning {
namespace {

TEST(WaitingCallsTest, OneOrganizationDoesNotTakeTheRoomOfAll) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 10});
  EXPECT_TRUE(calls.TryEnter("huge"));
  EXPECT_TRUE(calls.TryEnter("huge"));
  EXPECT_FALSE(calls.TryEnter("huge"));
  EXPECT_TRUE(calls.TryEnter("small"));
  calls.Leave("huge");
  EXPECT_TRUE(calls.TryEnter("huge"));
}

TEST(WaitingCallsTest, ThereIsAnEndForAllTogether) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 3});
  for (const char* organization : {"a", "b", "c"}) EXPECT_TRUE(calls.TryEnter(organization));
  EXPECT_FALSE(calls.TryEnter("d"));
  calls.Leave("b");
  EXPECT_TRUE(calls.TryEnter("d"));
  EXPECT_FALSE(calls.TryEnter("a"));
}

TEST(WaitingCallsTest, WhoHasNoCallsIsForgotten) {
  WaitingCalls calls({.of_one_organization = 2, .of_all = 3});
  const std::string endless(1 << 20, 'x');
  for (const std::string& organization : {std::string("a"), std::string(), endless}) {
    EXPECT_TRUE(calls.TryEnter(organization));
  }
  EXPECT_FALSE(calls.TryEnter("b")) << "who is refused is not remembered";
  EXPECT_EQ(calls.organizations(), 3u);
  for (const std::string& organization : {std::string("a"), std::string(), endless}) {
    calls.Leave(organization);
  }
  EXPECT_EQ(calls.organizations(), 0u);
}

}  // namespace
}  // namespace provisioning
