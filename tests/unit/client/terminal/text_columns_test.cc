// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/text_columns.h"

#include <string>

#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(ColumnsOfTest, CountsWhatATerminalShows) {
  EXPECT_EQ(ColumnsOf(""), 0u);
  EXPECT_EQ(ColumnsOf("Ada"), 3u);
  EXPECT_EQ(ColumnsOf("Ilić"), 4u);
  EXPECT_EQ(ColumnsOf("佐藤"), 4u);
  EXPECT_EQ(ColumnsOf("김민준"), 6u);
  EXPECT_EQ(ColumnsOf("e\u0301"), 1u);  // A combining accent.
  EXPECT_EQ(ColumnsOf("a\u200B"), 1u);  // A zero-width space.
  EXPECT_EQ(ColumnsOf("محمد"), 4u);
}

TEST(ShortenedTest, CutsBetweenCharactersAndSaysSo) {
  EXPECT_EQ(Shortened("Ada Lund", 8), "Ada Lund");
  EXPECT_EQ(Shortened("Ada Lund", 7), "Ada Lu…");
  EXPECT_EQ(Shortened("佐藤花子", 8), "佐藤花子");
  EXPECT_EQ(Shortened("佐藤花子", 7), "佐藤花…");
  // Half of a wide character cannot be shown.
  EXPECT_EQ(Shortened("佐藤花子", 6), "佐藤…");
  EXPECT_EQ(Shortened("e\u0301e\u0301e\u0301", 2), "e\u0301…");
  EXPECT_EQ(Shortened("abc", 1), "…");
  EXPECT_EQ(Shortened("abc", 0), "");
}

TEST(ShortenedTest, NeverTakesMoreThanItsColumns) {
  const std::string text = "A佐e\u0301藤b花\u200Bc子محمد";
  for (std::size_t columns = 0; columns <= ColumnsOf(text) + 1; ++columns) {
    EXPECT_LE(ColumnsOf(Shortened(text, columns)), columns);
  }
}

TEST(TerminalTextTest, LetsNoControlCharacterThrough) {
  EXPECT_EQ(TerminalText("\033[31mred\033]0;title\a"), "\uFFFD[31mred\uFFFD]0;title\uFFFD");
  EXPECT_EQ(TerminalText("a\u009Bb\x7F\r"), "a\uFFFDb\uFFFD\uFFFD");
  EXPECT_EQ(TerminalText("a\x9B\xFF"), "a\uFFFD\uFFFD");  // Not UTF-8.
  EXPECT_EQ(TerminalText("exe.\u202Efdp"), "exe.\uFFFDfdp");
  EXPECT_EQ(TerminalText(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(TerminalText("two\nlines, 佐藤"), "two\nlines, 佐藤");
  EXPECT_EQ(TerminalLine("two\nlines\u2028"), "two\uFFFDlines\uFFFD");
}

}  // namespace
}  // namespace provisioning
