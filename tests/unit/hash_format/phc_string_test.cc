// SPDX-License-Identifier: Apache-2.0
#include "service/hash_format/phc_string.h"

#include <gtest/gtest.h>

#include <string>

namespace provisioning {
namespace {

std::string Base64(std::string_view bytes) {
  std::string text;
  AppendBase64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, text);
  return text;
}

// RFC 4648, section 10, less the padding.
TEST(PhcStringTest, Base64KnownAnswers) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg");
  EXPECT_EQ(Base64("fo"), "Zm8");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foob"), "Zm9vYg");
  EXPECT_EQ(Base64("fooba"), "Zm9vYmE");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xfb\xff\xbf"), "+/+/");
}

TEST(PhcStringTest, Base64GoesBehindWhatIsThere) {
  std::string text = "a$";
  const std::uint8_t byte = 'f';
  AppendBase64({&byte, 1}, text);
  EXPECT_EQ(text, "a$Zg");
}

TEST(PhcStringTest, AllFieldsAreRead) {
  const auto phc = ParsePhcString("$argon2id$v=19$m=7168,t=5,p=1$Zm9v$Zm9vYg");
  ASSERT_TRUE(phc.has_value());
  EXPECT_EQ(phc->scheme, "argon2id");
  EXPECT_EQ(phc->version, 19u);
  EXPECT_EQ(phc->parameters, (std::vector<PhcParameter>{{"m", 7168}, {"t", 5}, {"p", 1}}));
  EXPECT_EQ(phc->salt, "foo");
  EXPECT_EQ(phc->hash, "foob");
}

TEST(PhcStringTest, VersionAndParametersMayBeAbsent) {
  const auto neither = ParsePhcString("$salted-sha256$Zm9v$Zm9vYg");
  ASSERT_TRUE(neither.has_value());
  EXPECT_EQ(neither->version, std::nullopt);
  EXPECT_TRUE(neither->parameters.empty());

  const auto version_only = ParsePhcString("$x$v=1$Zm9v$Zm9vYg");
  ASSERT_TRUE(version_only.has_value());
  EXPECT_EQ(version_only->version, 1u);

  const auto parameters_only = ParsePhcString("$x$i=4294967295$Zm9v$Zm9vYg");
  ASSERT_TRUE(parameters_only.has_value());
  EXPECT_EQ(parameters_only->parameters, (std::vector<PhcParameter>{{"i", 4294967295u}}));
}

TEST(PhcStringTest, AnythingElseIsNothing) {
  constexpr std::string_view texts[] = {
      "",
      "$",
      "$$$",
      "password",
      "$x$Zm9v",                    // No hash.
      "x$Zm9v$Zm9v",                // No `$` at the start.
      " $x$Zm9v$Zm9v",              //
      "$x$Zm9v$Zm9v$",              // A field too many.
      "$x$v=1$i=1$Zm9v$Zm9v$Zm9v",  //
      "$$Zm9v$Zm9v",                // Empty fields.
      "$x$$Zm9v",                   //
      "$x$Zm9v$",                   //
      "$x$v=1$$Zm9v$Zm9v",          //
      "$X$Zm9v$Zm9v",               // No name.
      "$x_y$Zm9v$Zm9v",             //
      "$x$v=$Zm9v$Zm9v",            // No numbers.
      "$x$v=01$Zm9v$Zm9v",          //
      "$x$v=-1$Zm9v$Zm9v",          //
      "$x$v=+1$Zm9v$Zm9v",          //
      "$x$v=1 $Zm9v$Zm9v",          //
      "$x$v=0x1$Zm9v$Zm9v",         //
      "$x$i=4294967296$Zm9v$Zm9v",  //
      "$x$i=99999999999999999999$Zm9v$Zm9v",
      "$x$i$Zm9v$Zm9v",
      "$x$=1$Zm9v$Zm9v",
      "$x$i=1,$Zm9v$Zm9v",
      "$x$i=1,,j=2$Zm9v$Zm9v",
      "$x$i=1$v=1$Zm9v$Zm9v",  // The version comes first.
      "$x$Zm9=$Zm9v",          // No base64: padded,
      "$x$Zg==$Zm9v",
      "$x$Zh$Zm9v",     // spare bits set,
      "$x$Z$Zm9v",      // an impossible length,
      "$x$Zm9v$Zm-_",   // the other alphabet,
      "$x$Zm 9v$Zm9v",  // white space.
      "$x$Zm9v$Zm9v\n",
      std::string_view("$x$Zm9v$Zm9v\0", 13),
      std::string_view("$x\0$Zm9v$Zm9v", 13),
      "$x$Zm\xc3\xa9$Zm9v",
  };
  for (const std::string_view text : texts) {
    EXPECT_EQ(ParsePhcString(text), std::nullopt) << text;
  }
}

TEST(PhcStringTest, LongTextsAreNotRead) {
  const std::string head = "$x$Zm9v$";
  const std::size_t room = (phc_bytes_max - head.size()) / 4 * 4;
  EXPECT_NE(ParsePhcString(head + std::string(room, 'A')), std::nullopt);
  EXPECT_EQ(ParsePhcString(head + std::string(room + 4, 'A')), std::nullopt);
}

}  // namespace
}  // namespace provisioning
