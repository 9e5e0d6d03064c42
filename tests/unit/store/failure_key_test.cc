// SPDX-License-Identifier: Apache-2.0
#include "service/store/failure_key.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/store_contract/test_rows.h"

namespace provisioning {
namespace {

const Uuid ann = *Uuid::Parse("00000000-0000-7000-8000-00000000000a");
const Uuid ben = *Uuid::Parse("00000000-0000-7000-8000-00000000000b");

TEST(FailureKeyTest, AnAccountHasOneForEachCredential) {
  const FailureKey key = FailureKeyOf(Organization("clinic-1"), ann, "$one");
  EXPECT_EQ(key.organization_id, "clinic-1");
  EXPECT_EQ(key.subject, ann);
  EXPECT_EQ(FailureKeyOf(Organization("clinic-1"), ann, "$one").generation, key.generation);
  EXPECT_NE(FailureKeyOf(Organization("clinic-1"), ann, "$two").generation, key.generation);
  EXPECT_EQ(FailureKeyOf(Organization("clinic-1"), ben, "$one").subject, ben);
}

TEST(FailureKeyTest, AnUnknownAddressIsNoOrganizationsAccount) {
  const FailureKey key = UnknownFailureKey(Organization("clinic-1"), "a@x.example");
  EXPECT_EQ(key.organization_id, "") << "no organization has this id";
  EXPECT_EQ(UnknownFailureKey(Organization("clinic-1"), "a@x.example").generation, key.generation);
  EXPECT_EQ(UnknownFailureKey(Organization("clinic-1"), "a@x.example").subject, key.subject);
  EXPECT_NE(UnknownFailureKey(Organization("clinic-1"), "b@x.example").generation, key.generation);
  EXPECT_NE(UnknownFailureKey(Organization("clinic-2"), "a@x.example").generation, key.generation);
}

// Whoever tries how many addresses, no more than 2^20 counts are kept for them.
TEST(FailureKeyTest, UnknownAddressesShareABoundedNumberOfPlaces) {
  std::set<Uuid> places;
  constexpr int addresses = 20'000;
  for (int i = 0; i < addresses; ++i) {
    const Uuid place =
        UnknownFailureKey(Organization("clinic-1"), std::to_string(i) + "@x.example").subject;
    EXPECT_EQ(place.bytes()[2] & 0x0f, 0);
    EXPECT_EQ(place.bytes().substr(3), std::string(Uuid::size - 3, '\0'));
    places.insert(place);
  }
  // By chance some fall upon another's place: 190 of them or so.
  EXPECT_GT(places.size(), addresses - 400u);
}

TEST(FailureKeyTest, GenerationsAreNoNegativeNumbers) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(FailureKeyOf(Organization("clinic-1"), ann, std::to_string(i)).generation, 0);
    EXPECT_GE(UnknownFailureKey(Organization("clinic-1"), std::to_string(i)).generation, 0);
  }
}

}  // namespace
}  // namespace provisioning
