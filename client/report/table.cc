// SPDX-License-Identifier: Apache-2.0
#include "client/report/table.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace provisioning {
namespace {

constexpr std::size_t rows_at_a_time = 500;

std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<std::string> header, std::FILE* out) : out_(out) {
  widths_.resize(header.size());
  Add(std::move(header));
}

void Table::Add(std::vector<std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    widths_[i] = std::max(widths_[i], Characters(cells[i]));
  }
  rows_.push_back(std::move(cells));
  if (rows_.size() >= rows_at_a_time) Print();
}

void Table::Print() {
  for (const auto& cells : rows_) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += cells[i];
      if (i + 1 < cells.size()) line.append(widths_[i] - Characters(cells[i]) + 2, ' ');
    }
    std::fprintf(out_, "%s\n", line.c_str());
  }
  rows_.clear();
}

}  // namespace provisioning
