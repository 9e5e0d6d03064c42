// SPDX-License-Identifier: Apache-2.0
#include "client/terminal/word_wrap.h"

#include <algorithm>

#include "client/terminal/text_columns.h"

namespace provisioning {

std::string WrapLine(std::string_view line, std::size_t columns, std::size_t indent) {
  if (ColumnsOf(line) <= columns) return std::string(line);
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  std::string text(line.substr(0, begin));
  line.remove_prefix(begin);
  std::size_t used = begin;
  bool first = true;  // Of its line.
  while (!line.empty()) {
    const std::size_t gap = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find(' ', gap), line.size());
    const std::string_view word = line.substr(gap, end - gap);
    line.remove_prefix(end);
    if (word.empty()) break;
    const std::size_t width = ColumnsOf(word);
    if (!first && used + gap + width > columns) {
      text += "\n" + std::string(indent, ' ');
      used = indent;
    } else {
      text.append(gap, ' ');
      used += gap;
    }
    text += word;
    used += width;
    first = false;
  }
  return text;
}

std::string WrapWords(std::string_view utf8, std::size_t columns, std::size_t indent) {
  std::string text;
  while (true) {
    const std::size_t end = std::min(utf8.find('\n'), utf8.size());
    const std::string_view line = utf8.substr(0, end);
    text += line.starts_with(' ') ? std::string(line) : WrapLine(line, columns, indent);
    if (end == utf8.size()) return text;
    text += '\n';
    utf8.remove_prefix(end + 1);
  }
}

}  // namespace provisioning
