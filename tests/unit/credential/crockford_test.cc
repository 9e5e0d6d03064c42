// SPDX-License-Identifier: Apache-2.0
#include "service/credential/crockford.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace provisioning {
namespace {

using Bytes = std::array<std::uint8_t, crockford_random_bytes>;

template <typename Digits>
std::string Text(const Digits& digits) {
  return {digits.begin(), digits.end()};
}

std::string Encoded(const Bytes& bytes) { return Text(EncodeCrockford(bytes)); }

std::optional<std::string> Read(std::string_view typed) {
  const std::optional<CrockfordDigits> digits = ReadCrockford(typed);
  if (!digits.has_value()) return std::nullopt;
  return Text(*digits);
}

TEST(CrockfordTest, BitsAreTakenFromTheFront) {
  EXPECT_EQ(Encoded({}), "00000000000000000000000000");
  EXPECT_EQ(Encoded({0x08}), "10000000000000000000000000");
  // 00000 00001 00010 ... in base32 is 00443214c7 ... in bytes, as the RFC of
  // base32 packs them.
  EXPECT_EQ(Encoded({0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf, 0x84, 0x65, 0x3a,
                     0x56, 0xd7, 0xc6, 0x40}),
            "0123456789ABCDEFGHJKMNPQRS");
}

TEST(CrockfordTest, EveryOneOfThe130BitsCounts) {
  const std::string zero = Encoded({});
  for (std::size_t bit = 0; bit < crockford_random_bytes * 8; ++bit) {
    Bytes bytes{};
    bytes[bit / 8] = static_cast<std::uint8_t>(0x80 >> bit % 8);
    EXPECT_EQ(Encoded(bytes) != zero, bit < 130) << bit;
  }
}

TEST(CrockfordTest, GroupsAreFivesAndASix) {
  EXPECT_EQ(Text(GroupCrockford(*ReadCrockford("0123456789ABCDEFGHJKMNPQRS"))),
            "01234-56789-ABCDE-FGHJK-MNPQRS");
}

TEST(CrockfordTest, TypingIsTolerant) {
  const std::string canonical = "01234567890123456789ABCXYZ";
  EXPECT_EQ(Read(canonical), canonical);
  EXPECT_EQ(Read("01234-56789-01234-56789-ABCXYZ"), canonical);
  EXPECT_EQ(Read("01234 56789 01234 56789 abcxyz"), canonical);
  EXPECT_EQ(Read("  0-1-2-3-4--56789 0123456789AbCxYz-"), canonical);
  EXPECT_EQ(Read("OI234-56789-oL234-56789-abcxyz"), canonical);
  EXPECT_EQ(Read("0i234-56789-0l234-56789-abcxyz"), canonical);
}

TEST(CrockfordTest, AnythingElseIsNothing) {
  EXPECT_EQ(Read(""), std::nullopt);
  EXPECT_EQ(Read("-----"), std::nullopt);
  EXPECT_EQ(Read("01234567890123456789ABCXY"), std::nullopt);    // 25 digits.
  EXPECT_EQ(Read("01234567890123456789ABCXYZ0"), std::nullopt);  // 27 digits.
  EXPECT_EQ(Read("U1234567890123456789ABCXYZ"), std::nullopt);   // No U in the alphabet.
  EXPECT_EQ(Read("0123456789_0123456789ABCXYZ"), std::nullopt);
  EXPECT_EQ(Read("01234567890123456789ABCXYZ\n"), std::nullopt);
  EXPECT_EQ(Read(std::string_view("01234567890123456789ABCXY\0", 26)), std::nullopt);
  EXPECT_EQ(Read("01234567890123456789ABCXY\xc3\xa9"), std::nullopt);
}

}  // namespace
}  // namespace provisioning
