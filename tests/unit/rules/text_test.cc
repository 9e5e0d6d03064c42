// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "service/rules/characters.h"
#include "service/rules/code_points.h"
#include "service/rules/utf8.h"
#include "tests/unit/rules/row_check.h"

namespace provisioning {
namespace {

TEST(TextTest, KnowsUtf8) {
  for (const char* good : {"", "a", "\u00e9", "\u65e5", "\U0010ffff", "\uffff"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80",
        "\xfe", "\xff", "\xe2\x82", "\xf0\x9f\x98", "a long ascii beginning\xff"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(TextTest, FindsNonAsciiAtEveryPosition) {
  for (int i = 0; i < 20; ++i) {
    std::string text(20, 'a');
    EXPECT_TRUE(IsAscii(text));
    text[i] = '\x80';
    EXPECT_FALSE(IsAscii(text)) << i;
  }
}

TEST(TextTest, CutsAtACharacter) {
  EXPECT_EQ(PrefixLength("a\u65e5", 4), 4u);
  EXPECT_EQ(PrefixLength("a\u65e5", 3), 1u);
  EXPECT_EQ(PrefixLength("a\u65e5", 1), 1u);
  EXPECT_EQ(PrefixLength("\u65e5", 2), 0u);
}

TEST(TextTest, TrimsEveryWhiteSpaceAndByteOrderMarks) {
  for (const char* space :
       {" ", "\t", "\n", "\v", "\f", "\r", "\u0085", "\u00a0", "\u1680", "\u2000", "\u200a",
        "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"}) {
    const std::string spaces = Repeat(space, 2);
    EXPECT_EQ(TrimWhiteSpace(spaces + "a b" + space), "a b");
    EXPECT_EQ(TrimWhiteSpace(spaces + "\u00e9" + spaces), "\u00e9");
    EXPECT_EQ(TrimWhiteSpace(spaces), "");
  }
}

TEST(TextTest, TrimsNothingElse) {
  for (const char* text : {"\u200ba\u200b", "\u180e", "\u2060a", "\x1f", "\xa0", "a\xc2", "\xff"}) {
    EXPECT_EQ(TrimWhiteSpace(text), text);
  }
}

TEST(TextTest, SortsMarksStablyByClass) {
  // Class 230 twice, 220 between: the 220 goes first, the others keep their order.
  EXPECT_EQ(CodePoints("q\u0307\u0323\u0308").ToUtf8(), "q\u0323\u0307\u0308");
  EXPECT_EQ(CodePoints("q\u0308\u0323\u0307").ToUtf8(), "q\u0323\u0308\u0307");
}

TEST(TextTest, NormalizesAtFullLengthOfEveryWidth) {
  for (const char* text : {"\u0344", "\u1f82", "\U0001d160", "\u0958", "\u1fee", "\ufb2c"}) {
    const std::string once = CodePoints(Repeat(text, 300)).ToUtf8();
    EXPECT_EQ(CodePoints(once).ToUtf8(), once) << text;
  }
}

TEST(TextTest, TextOfAnyBytesBecomesVisible) {
  EXPECT_EQ(VisibleText(std::string("a\0\xff\u00e9", 5), 100), "a\ufffd\ufffd\u00e9");
  EXPECT_EQ(VisibleText("\xff\xff", 3), "\ufffd");
}

}  // namespace
}  // namespace provisioning
