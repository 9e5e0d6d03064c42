// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace provisioning {

struct TableColumn {
  std::string title;
  // Who gives way where the lines are too long for the terminal: the column with
  // the smallest number first, down to `columns_min`, and then altogether. 0:
  // never.
  int gives_way = 0;
  std::size_t columns_min = 8;
  bool number = false;  // Aligned to the right.
};

// Prints rows in aligned columns, some hundred at a time, so that a long list
// needs no memory. On a terminal no line is longer than it is wide; elsewhere
// nothing is cut. Cells are made safe for a terminal.
class Table {
 public:
  Table(std::vector<TableColumn> columns, std::FILE* out);
  ~Table() { Print(); }

  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // As many cells as there are columns.
  void Add(std::vector<std::string> cells);
  // What was added.
  void Print();

 private:
  // How wide each column is printed; 0: not at all.
  std::vector<std::size_t> FittingWidths() const;
  void PrintRow(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths);

  std::FILE* const out_;
  const std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace provisioning
