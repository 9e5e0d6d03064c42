// SPDX-License-Identifier: Apache-2.0
#include "service/credential/hash_cost.h"

#include <gtest/gtest.h>

namespace provisioning {
namespace {

TEST(HashCostTest, TheTableOfOwaspIsTaken) {
  EXPECT_EQ(HashCost::Parse("m=47104,t=1"), (HashCost{47104, 1}));
  EXPECT_EQ(HashCost::Parse("m=19456,t=2"), (HashCost{19456, 2}));
  EXPECT_EQ(HashCost::Parse("m=12288,t=3"), (HashCost{12288, 3}));
  EXPECT_EQ(HashCost::Parse("m=9216,t=4"), (HashCost{9216, 4}));
  EXPECT_EQ(HashCost::Parse("m=7168,t=5"), (HashCost{7168, 5}));
}

TEST(HashCostTest, TheDefaultIsInTheTable) { EXPECT_EQ(HashCost::Parse("m=7168,t=5"), HashCost()); }

TEST(HashCostTest, NothingElseIsTaken) {
  for (const char* text :
       {"", "m=7168,t=4", "m=7167,t=5", "m=47104,t=2", "m=8,t=1", "t=5,m=7168", "m=7168,t=5,p=1",
        "m=7168, t=5", " m=7168,t=5", "m=7168,t=5\n", "M=7168,T=5", "m=07168,t=5", "m=-1,t=5"}) {
    EXPECT_EQ(HashCost::Parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace provisioning
