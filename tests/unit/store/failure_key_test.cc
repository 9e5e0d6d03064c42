// SPDX-License-Identifier: Apache-2.0
#include "service/store/failure_key.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tests/store_contract/test_rows.h"

namespace provisioning {
namespace {

const Uuid ann = *Uuid::Parse("00000000-0000-7000-8000-00000000000a");
const Uuid ben = *Uuid::Parse("00000000-0000-7000-8000-00000000000b");
const std::string one_secret(failure_secret_size, '\1');
const std::string another_secret(failure_secret_size, '\2');

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
  EXPECT_EQ(UnknownFailureKey(Organization("clinic-1"), "a@x.example").subject, key.subject);
  EXPECT_NE(UnknownFailureKey(Organization("clinic-1"), "b@x.example").subject, key.subject);
  EXPECT_NE(UnknownFailureKey(Organization("clinic-2"), "a@x.example").subject, key.subject);
}

FailureKey Stored(int address, std::string_view secret) {
  return StoredFailureKey(
      UnknownFailureKey(Organization("clinic-1"), std::to_string(address) + "@x.example"), secret);
}

TEST(FailureKeyTest, AClientsKeyIsStoredAsItIs) {
  const FailureKey key = FailureKeyOf(Organization("clinic-1"), ann, "$one");
  const FailureKey stored = StoredFailureKey(key, one_secret);
  EXPECT_EQ(stored.organization_id, key.organization_id);
  EXPECT_EQ(stored.subject, key.subject);
  EXPECT_EQ(stored.generation, key.generation);
}

// Whoever tries how many addresses, no more than 2^20 counts are kept for them.
TEST(FailureKeyTest, UnknownAddressesShareABoundedNumberOfPlaces) {
  std::set<Uuid> places;
  constexpr int addresses = 20'000;
  for (int i = 0; i < addresses; ++i) {
    const FailureKey stored = Stored(i, one_secret);
    EXPECT_EQ(stored.organization_id, "");
    EXPECT_EQ(stored.subject.bytes()[2] & 0x0f, 0);
    EXPECT_EQ(stored.subject.bytes().substr(3), std::string(Uuid::size - 3, '\0'));
    places.insert(stored.subject);
  }
  // By chance some fall upon another's place: 190 of them or so.
  EXPECT_GT(places.size(), addresses - 400u);
}

// Else anybody could make the count of an address that nobody has begin anew.
TEST(FailureKeyTest, WhichAddressesShareAPlaceIsEachStoresOwnSecret) {
  std::map<Uuid, int> places;
  int colliding = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto [other, is_new] = places.emplace(Stored(i, one_secret).subject, i);
    if (is_new) continue;
    ++colliding;
    EXPECT_NE(Stored(i, one_secret).generation, Stored(other->second, one_secret).generation);
    EXPECT_NE(Stored(i, another_secret).subject, Stored(other->second, another_secret).subject);
    EXPECT_NE(Stored(i, another_secret).subject, other->first);
  }
  EXPECT_GT(colliding, 50);
}

TEST(FailureKeyTest, GenerationsAreNoNegativeNumbers) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GE(FailureKeyOf(Organization("clinic-1"), ann, std::to_string(i)).generation, 0);
    EXPECT_GE(Stored(i, one_secret).generation, 0);
  }
}

}  // namespace
}  // namespace provisioning
