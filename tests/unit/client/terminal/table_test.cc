// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/table.h"

#include <algorithm>
#include <string>
#include <vector>

#include "client/terminal/text_columns.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/pseudo_terminal.h"

namespace provisioning {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<TableColumn> Columns() {
  return {{.title = "NAME", .gives_way = 2, .columns_min = 6},
          {.title = "ROWS", .number = true},
          {.title = "ID", .gives_way = 1, .columns_min = 8}};
}

void Fill(Table& table) {
  table.Add({"佐藤花子", "7", "01a20d0f-b0a9-7e39-807c-1404efe69764"});
  table.Add({"Ada Lund of the long name", "12,345", "01a20d0f-b0a9-7e39-807c-1404efe69765"});
}

std::vector<std::string> LinesAt(int columns) {
  PseudoTerminal terminal(columns, 24);
  Table table(Columns(), terminal.stream());
  Fill(table);
  table.Print();
  return terminal.ReadLines();
}

TEST(TableTest, AlignsWideCharactersAndNumbers) {
  EXPECT_THAT(
      LinesAt(200),
      ElementsAre("NAME                         ROWS  ID",
                  "佐藤花子                        7  01a20d0f-b0a9-7e39-807c-1404efe69764",
                  "Ada Lund of the long name  12,345  01a20d0f-b0a9-7e39-807c-1404efe69765"));
}

TEST(TableTest, ShortensTheLeastImportantColumnFirst) {
  EXPECT_THAT(LinesAt(60),
              ElementsAre("NAME                         ROWS  ID",
                          "佐藤花子                        7  01a20d0f-b0a9-7e39-807c-…",
                          "Ada Lund of the long name  12,345  01a20d0f-b0a9-7e39-807c-…"));
  EXPECT_THAT(LinesAt(36),
              ElementsAre("NAME                  ROWS  ID", "佐藤花子                 7  01a20d0…",
                          "Ada Lund of the l…  12,345  01a20d0…"));
}

TEST(TableTest, LeavesColumnsOutWhereThereIsNoRoomAtAll) {
  EXPECT_THAT(LinesAt(20),
              ElementsAre("NAME            ROWS", "佐藤花子           7", "Ada Lund of…  12,345"));
}

TEST(TableTest, HasNoLineLongerThanTheTerminalIsWide) {
  for (int columns = 20; columns <= 200; ++columns) {
    for (const std::string& line : LinesAt(columns)) {
      EXPECT_LE(ColumnsOf(line), std::size_t(columns)) << line;
    }
  }
}

std::string Printed(const std::vector<std::vector<std::string>>& rows) {
  std::FILE* file = std::tmpfile();
  {
    Table table(Columns(), file);
    for (const auto& row : rows) table.Add(row);
  }
  std::rewind(file);
  std::string text(1 << 20, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

TEST(TableTest, CutsNothingWhereThereIsNoTerminal) {
  const std::string name(300, 'a');
  EXPECT_THAT(Printed({{name, "1", "x"}}), HasSubstr(name + "     1  x\n"));
}

TEST(TableTest, PrintsAllOfManyRows) {
  const std::string text = Printed(std::vector<std::vector<std::string>>(3'001, {"a", "1", "x"}));
  EXPECT_EQ(std::ranges::count(text, '\n'), 3'002);
}

TEST(TableTest, LetsNoControlCharacterThrough) {
  EXPECT_THAT(Printed({{"a\033[2Jb\nc", "1", "x"}}), Each(Not('\033')));
  EXPECT_THAT(Printed({{"a\nc", "1", "x"}}), HasSubstr("a\uFFFDc"));
}

}  // namespace
}  // namespace provisioning
