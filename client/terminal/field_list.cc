// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/field_list.h"

#include <string>

#include "client/terminal/duration_text.h"
#include "client/terminal/terminal.h"
#include "client/terminal/text_columns.h"
#include "client/terminal/word_wrap.h"

namespace provisioning {
namespace {

constexpr std::size_t value_column = 21;

}  // namespace

void PrintField(std::string_view name, std::string_view value, std::FILE* out) {
  if (value.empty()) return;
  std::string line(name);
  line.resize(value_column, ' ');
  line += TerminalLine(value);
  // A value of one word is to be copied.
  const bool words = value.find(' ') != std::string_view::npos;
  const std::size_t columns = words ? LineColumns(out) : unlimited_columns;
  std::fprintf(out, "%s\n", WrapLine(line, columns, value_column).c_str());
}

void PrintCount(std::string_view name, std::int64_t count, std::FILE* out) {
  if (count != 0) PrintField(name, CountText(count), out);
}

}  // namespace provisioning
