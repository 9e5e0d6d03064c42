// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_dialect.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "client/csv/file_kind.h"

namespace provisioning {
namespace {

// A header is far shorter; what follows does not say more.
constexpr std::size_t beginning_bytes = 64 << 10;
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

absl::StatusOr<std::string> ReadBeginning(const ByteSource& source) {
  std::string beginning(beginning_bytes, 0);
  std::size_t filled = 0;
  while (filled < beginning.size()) {
    const auto count = source.ReadAt(static_cast<std::int64_t>(filled),
                                     std::span<char>(beginning).subspan(filled));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    filled += *count;
  }
  beginning.resize(filled);
  return beginning;
}

// A delimiter inside quotes is a part of a name.
std::int64_t CountOutsideQuotes(std::string_view line, char delimiter) {
  bool quoted = false;
  std::int64_t count = 0;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == delimiter && !quoted) ++count;
  }
  return count;
}

char CommonestDelimiter(std::string_view line) {
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (CountOutsideQuotes(line, candidate) > CountOutsideQuotes(line, best)) best = candidate;
  }
  return best;
}

}  // namespace

absl::StatusOr<CsvDialect> DetectDialect(const ByteSource& source) {
  const auto beginning = ReadBeginning(source);
  if (!beginning.ok()) return beginning.status();
  if (const std::string refusal = WhyNotCsv(*beginning); !refusal.empty()) {
    return absl::InvalidArgumentError(refusal);
  }
  CsvDialect dialect;
  std::string_view text = *beginning;
  if (text.starts_with(utf8_mark)) {
    dialect.byte_order_mark = true;
    text.remove_prefix(utf8_mark.size());
  }
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() == 5 && line.starts_with("sep=")) {
    dialect.delimiter = line[4];
    text.remove_prefix(std::min(text.size(), line.size() + (text.substr(5, 2) == "\r\n" ? 2 : 1)));
    dialect.header_line = 2;
  } else {
    // Empty lines before the header are no header.
    const std::size_t begin = text.find_first_not_of("\r\n");
    line = begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    dialect.delimiter = CommonestDelimiter(line.substr(0, line.find_first_of("\r\n")));
  }
  dialect.header_offset = static_cast<std::int64_t>(beginning->size() - text.size());
  return dialect;
}

std::string DelimiterName(char delimiter) {
  if (delimiter == ';') return "semicolon";
  if (delimiter == '\t') return "TAB";
  if (delimiter == ',') return "comma";
  return std::string(1, delimiter);
}

}  // namespace provisioning
