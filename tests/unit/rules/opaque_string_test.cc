// SPDX-License-Identifier: Apache-2.0
#include "service/rules/opaque_string.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

std::string Prepared(std::string_view given) {
  return std::string(PrepareOpaqueString(given).text.Reveal());
}

// The examples of RFC 8265, 4.3.
TEST(OpaqueStringTest, PreparesTheExamplesOfTheRfc) {
  EXPECT_EQ(Prepared("correct horse battery staple"), "correct horse battery staple");
  EXPECT_EQ(Prepared("Correct Horse Battery Staple"), "Correct Horse Battery Staple");
  EXPECT_EQ(Prepared("\u03c0\u00df\u00e5"), "\u03c0\u00df\u00e5");
  EXPECT_EQ(Prepared("Jack of \u2666s"), "Jack of \u2666s");
  EXPECT_EQ(Prepared("foo\u1680bar"), "foo bar");
  EXPECT_TRUE(PrepareOpaqueString("").empty);
  EXPECT_TRUE(PrepareOpaqueString("my cat is a \x09 by").control_character);
}

TEST(OpaqueStringTest, MapsEverySpaceToAsciiSpace) {
  for (const char* space :
       {"\u00a0", "\u1680", "\u2000", "\u2003", "\u200a", "\u202f", "\u205f", "\u3000"}) {
    EXPECT_EQ(Prepared("pass" + std::string(space) + "word"), "pass word");
  }
}

TEST(OpaqueStringTest, KeepsEdgesAndCase) { EXPECT_EQ(Prepared("  PassWord "), "  PassWord "); }

TEST(OpaqueStringTest, TwinsBecomeEqual) {
  EXPECT_EQ(Prepared("cafe\u0301"), "caf\u00e9");
  EXPECT_EQ(Prepared("\u1112\u1161\u11ab\u1100\u1173\u11af"), "\ud55c\uae00");
  EXPECT_EQ(Prepared("\u212b"), "\u00c5");
}

TEST(OpaqueStringTest, CompatibilityFormsStay) {
  EXPECT_EQ(Prepared("\uff30\ufb01\u2460"), "\uff30\ufb01\u2460");
}

TEST(OpaqueStringTest, CountsCodePointsAfterPreparation) {
  EXPECT_EQ(PrepareOpaqueString("cafe\u0301").characters, 4u);
  EXPECT_EQ(PrepareOpaqueString("\U0001f600\U0001f601").characters, 2u);
}

TEST(OpaqueStringTest, RefusesControls) {
  for (const std::string& given :
       {std::string("a\0b", 3), std::string("a\nb"), std::string("a\x7f"), std::string("a\u0085"),
        std::string("a\u009f"), std::string("a\u2028")}) {
    const OpaqueString prepared = PrepareOpaqueString(given);
    EXPECT_TRUE(prepared.control_character);
    EXPECT_FALSE(prepared.forbidden_character);
    EXPECT_FALSE(prepared.ok());
  }
}

TEST(OpaqueStringTest, RefusesWhatIsOutsideTheFreeformClass) {
  for (const char* given : {
           "a\u0378",                                // Unassigned.
           "a\uffff", "a\U0001fffe",                 // Noncharacters.
           "a\ufdd0", "a\ue000",     "a\U000f0000",  // Private use.
           "a\u00ad", "a\u200b",     "a\u200e",     "a\u202e", "a\u2060", "a\ufeff",  // Ignorable.
           "a\ufe0f", "a\U000e0100",  // Variation selectors.
           "a\u0600",                 // A format character that is not ignorable.
           "a\u1100",                 // Old Hangul, alone.
           "a\u0640", "a\u07fa",     "a\u302e",     "a\u3031", "a\u303b",  // RFC 8264, 9.6.
       }) {
    const OpaqueString prepared = PrepareOpaqueString(given);
    EXPECT_TRUE(prepared.forbidden_character) << given;
    EXPECT_FALSE(prepared.control_character) << given;
    EXPECT_FALSE(prepared.ok());
  }
}

TEST(OpaqueStringTest, HoldsTheContextualRules) {
  const std::pair<const char*, bool> table[] = {
      {"l\u00b7l", true},
      {"a\u00b7l", false},
      {"\u00b7l", false},
      {"\u0375\u03b1", true},
      {"\u0375a", false},
      {"\u0375", false},
      {"\u05d0\u05f3", true},
      {"a\u05f3", false},
      {"\u05d0\u05f4", true},
      {"\u05f4", false},
      {"\u30a2\u30fb", true},
      {"\u6f22\u30fb", true},
      {"a\u30fb", false},
      {"\u0660\u0661", true},
      {"\u06f0\u06f1", true},
      {"\u0660\u06f0", false},
      {"\u0915\u094d\u200d", true},
      {"\u0915\u094d\u200c", true},
      {"\u0915\u200d", false},
      {"a\u200d", false},
      {"\u200d", false},
      {"\u0645\u06cc\u200c\u062e", true},        // Dual, right and dual.
      {"\u0645\u064e\u200c\u064e\u062e", true},  // Marks between are passed over.
      {"\u0627\u200c\u0645", false},             // ALEF joins nothing that follows.
      {"\u0645\u200c", false},
      {"\u0645\u200c\u0021", false},
      {"\U0001f469\u200d\U0001f4bb", false},
  };
  for (const auto& [given, ok] : table) EXPECT_EQ(PrepareOpaqueString(given).ok(), ok) << given;
}

TEST(OpaqueStringTest, RefusesBytesThatAreNoUtf8) {
  for (const char* given :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "abc\xe2\x82"}) {
    EXPECT_TRUE(PrepareOpaqueString(given).invalid_utf8);
  }
}

TEST(OpaqueStringTest, TakesUpTo256CharactersInEveryScript) {
  for (const char* character :
       {"x", "\u00e9", "e\u0301", "\u65e5", "\u1112\u1161\u11ab", "\U0001f600"}) {
    EXPECT_TRUE(PrepareOpaqueString(Repeat(character, 256)).ok()) << character;
    const OpaqueString prepared = PrepareOpaqueString(Repeat(character, 257));
    EXPECT_TRUE(prepared.too_long) << character;
    EXPECT_FALSE(prepared.ok()) << character;
  }
}

TEST(OpaqueStringTest, RefusesAGiantUnread) {
  // It is not even found out that it is no UTF-8.
  const OpaqueString prepared = PrepareOpaqueString(std::string(1 << 20, '\xff'));
  EXPECT_TRUE(prepared.too_long);
  EXPECT_FALSE(prepared.invalid_utf8);
}

}  // namespace
}  // namespace provisioning
