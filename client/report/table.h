// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace provisioning {

// Prints rows in aligned columns, some hundred at a time, so that a long list
// needs no memory.
class Table {
 public:
  Table(std::vector<std::string> header, std::FILE* out);
  ~Table() { Print(); }

  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  // As many cells as the header has.
  void Add(std::vector<std::string> cells);

 private:
  void Print();

  std::FILE* const out_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace provisioning
