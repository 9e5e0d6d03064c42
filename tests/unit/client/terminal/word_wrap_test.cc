// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/word_wrap.h"

#include <sstream>
#include <string>

#include "client/terminal/text_columns.h"
#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(WrapWordsTest, BreaksBetweenWords) {
  EXPECT_EQ(WrapWords("one two three", 7), "one two\nthree");
  EXPECT_EQ(WrapWords("one two three", 6), "one\ntwo\nthree");
  EXPECT_EQ(WrapWords("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(WrapWords("one two", unlimited_columns), "one two");
  EXPECT_EQ(WrapWords("", 10), "");
  EXPECT_EQ(WrapWords("one\n\ntwo\n", 10), "one\n\ntwo\n");
}

TEST(WrapWordsTest, LeavesAWordThatIsTooLongWhole) {
  EXPECT_EQ(WrapWords("see https://example.com/a/long/way now", 10),
            "see\nhttps://example.com/a/long/way\nnow");
}

TEST(WrapWordsTest, LeavesWhatIsLaidOutAlready) {
  const std::string command = "  provision import a.csv --organization practice-one";
  EXPECT_EQ(WrapWords("To go on with it:\n" + command, 12), "To go on\nwith it:\n" + command);
}

TEST(WrapWordsTest, CountsWideCharacters) {
  EXPECT_EQ(WrapWords("佐藤 花子 様", 9), "佐藤 花子\n様");
  EXPECT_EQ(WrapWords("佐藤 花子 様", 8), "佐藤\n花子 様");
}

TEST(WrapLineTest, ContinuesALineThatBeginsWithSpaces) {
  EXPECT_EQ(WrapLine("  row 3, name: is too long", 16, 4), "  row 3, name:\n    is too long");
}

TEST(WrapWordsTest, FitsAtEveryWidth) {
  const std::string text =
      "Mend the records in the file of the rejected ones and import it; 佐藤 and the others are "
      "there. It says what is wrong.";
  for (std::size_t columns = 20; columns <= 200; ++columns) {
    std::istringstream lines(WrapWords(text, columns));
    std::string joined;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(ColumnsOf(line), columns);
      joined += (joined.empty() ? "" : " ") + line;
    }
    EXPECT_EQ(joined, text);
  }
}

}  // namespace
}  // namespace provisioning
