// SPDX-License-Identifier: Apache-2.0
#include "service/model/uuid.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <set>
#include <string>

namespace provisioning {
namespace {

const absl::Time noon = absl::FromUnixMillis(1'782'907'200'123);

TEST(UuidTest, ParsesTheCanonicalForm) {
  const std::string text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  const auto uuid = Uuid::Parse(text);
  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(uuid->ToString(), text);
  EXPECT_EQ(uuid->bytes(), std::string_view("\x01\x7f\x22\xe2\x79\xb0\x7c\xc3\x98\xc4\xdc\x0c\x0c"
                                            "\x07\x39\x8f"));
}

TEST(UuidTest, ParsesNothingElse) {
  for (const std::string& text :
       {std::string(), std::string("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"),
        std::string("017f22e279b07cc398c4dc0c0c07398f"),
        std::string("{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}"),
        std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398"),
        std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"),
        std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398g"),
        std::string("017f22e2 79b0-7cc3-98c4-dc0c0c07398f"),
        std::string("017f22e27-9b0-7cc3-98c4-dc0c0c07398f"),
        std::string("017f22e2-79b0-7cc3-98c4-dc0c0c07398\0", 36)}) {
    EXPECT_FALSE(Uuid::Parse(text).has_value()) << text;
  }
}

TEST(UuidTest, BytesComeBack) {
  const Uuid uuid = Uuid::NewV7(noon);
  EXPECT_EQ(Uuid::FromBytes(uuid.bytes()), uuid);
  EXPECT_EQ(Uuid::Parse(uuid.ToString()), uuid);
  EXPECT_FALSE(Uuid::FromBytes(uuid.bytes().substr(1)).has_value());
  EXPECT_FALSE(Uuid::FromBytes("").has_value());
}

TEST(UuidTest, NilNamesNothing) {
  EXPECT_TRUE(Uuid().is_nil());
  EXPECT_EQ(Uuid().ToString(), "00000000-0000-0000-0000-000000000000");
  EXPECT_FALSE(Uuid::NewV7(noon).is_nil());
}

TEST(UuidTest, VersionSevenHoldsTheTime) {
  const std::string text = Uuid::NewV7(noon).ToString();
  char millis[16];
  std::snprintf(millis, sizeof(millis), "%012llx",
                static_cast<unsigned long long>(absl::ToUnixMillis(noon)));
  EXPECT_EQ(text.substr(0, 8) + text.substr(9, 4), millis);
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
}

TEST(UuidTest, SortsByTheMicrosecond) {
  Uuid last;
  for (int i = 0; i < 5000; ++i) {
    const Uuid next = Uuid::NewV7(noon + absl::Microseconds(i));
    ASSERT_LT(last, next) << i;
    ASSERT_LT(last.ToString(), next.ToString()) << i;
    last = next;
  }
}

TEST(UuidTest, IsUniqueWithinAMicrosecond) {
  std::set<Uuid> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(Uuid::NewV7(noon)).second);
}

TEST(UuidTest, AClockBeforeTheEpochCountsAsTheEpoch) {
  EXPECT_TRUE(Uuid::NewV7(absl::UnixEpoch() - absl::Hours(1))
                  .ToString()
                  .starts_with("00000000-0000-7000-"));
}

}  // namespace
}  // namespace provisioning
