// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/table.h"

#include <algorithm>
#include <utility>

#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"

namespace provisioning {
namespace {

constexpr std::size_t rows_at_a_time = 500;
constexpr std::size_t gap = 2;

std::size_t LineWidth(const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) {
    if (width > 0) sum += width + (sum > 0 ? gap : 0);
  }
  return sum;
}

}  // namespace

Table::Table(std::vector<TableColumn> columns, std::FILE* out)
    : out_(out), columns_(std::move(columns)) {
  widths_.resize(columns_.size());
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  Add(std::move(titles));
}

void Table::Add(std::vector<std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = TerminalLine(cells[i]);
    widths_[i] = std::max(widths_[i], ColumnsOf(cells[i]));
  }
  rows_.push_back(std::move(cells));
  if (rows_.size() >= rows_at_a_time) Print();
}

std::vector<std::size_t> Table::FittingWidths() const {
  const std::size_t room = LineColumns(out_);
  std::vector<std::size_t> order;  // Of those that give way, the first one first.
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].gives_way > 0) order.push_back(i);
  }
  std::ranges::sort(order, {}, [this](std::size_t i) { return columns_[i].gives_way; });
  std::vector<bool> left_out(columns_.size());
  for (auto leaves_next = order.begin();; ++leaves_next) {
    std::vector<std::size_t> widths = widths_;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (left_out[i]) widths[i] = 0;
    }
    for (const std::size_t i : order) {
      const std::size_t line = LineWidth(widths);
      if (line <= room) return widths;
      const std::size_t least = std::min(widths[i], columns_[i].columns_min);
      widths[i] -= std::min(line - room, widths[i] - least);
    }
    if (LineWidth(widths) <= room || leaves_next == order.end()) return widths;
    left_out[*leaves_next] = true;
  }
}

void Table::PrintRow(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) {
  std::string line;
  std::size_t spaces = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string cell = Shortened(cells[i], widths[i]);
    const std::size_t rest = widths[i] - ColumnsOf(cell);
    line.append(spaces + (columns_[i].number ? rest : 0), ' ');
    line += cell;
    spaces = gap + (columns_[i].number ? 0 : rest);
  }
  std::fprintf(out_, "%s\n", Shortened(line, LineColumns(out_)).c_str());
}

void Table::Print() {
  const std::vector<std::size_t> widths = FittingWidths();
  for (const auto& cells : rows_) PrintRow(cells, widths);
  rows_.clear();
}

}  // namespace provisioning
