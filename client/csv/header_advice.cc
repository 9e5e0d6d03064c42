// SPDX-License-Identifier: Apache-2.0
#include "client/csv/header_advice.h"

#include <algorithm>
#include <cctype>

#include "client/csv/cell_name.h"
#include "client/csv/column_names.h"
#include "service/rules/import_schema.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr int lines_below_max = 20;

std::size_t CellsWithText(const CsvRecord& record) {
  return static_cast<std::size_t>(std::ranges::count_if(record.cells, [](const std::string& cell) {
    return cell.find_first_not_of(" \t\r\n") != std::string::npos;
  }));
}

std::string Quoted(char delimiter, char quote) { return {quote, delimiter, quote}; }

std::string Described(char delimiter) {
  const std::string name = DelimiterName(delimiter);
  return name.size() > 1 ? "a " + name : Quoted(delimiter, '"');
}

std::string FlagValue(char delimiter) {
  if (delimiter == ',' || delimiter == ';' || delimiter == '|') return DelimiterName(delimiter);
  return delimiter == '\t' ? "tab" : Quoted(delimiter, '\'');
}

// What stands between the first two columns' names in `line`; 0: they are not
// there.
char SeparatorIn(std::string_view line) {
  for (const ColumnRule& rule : ColumnRules()) {
    const std::string_view name = ColumnName(rule.column);
    const std::size_t place = line.find(name);
    if (place == std::string_view::npos) continue;
    line.remove_prefix(place + name.size());
    const std::size_t next = line.find_first_not_of(" \"'");
    if (line.empty()) return 0;
    if (next == std::string_view::npos) return 0;
    const char c = line[next];
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ? line.front() : c;
  }
  return 0;
}

}  // namespace

std::string AdviceOnDelimiter(const CsvRecord& header, const CsvDialect& dialect) {
  if (CellsWithText(header) != 1) return "";
  const std::string line = NormalizedColumnName(header.cells.front());
  const char separator = SeparatorIn(line);
  if (separator == 0) return "";
  if (separator == dialect.delimiter) {
    return "the whole header stands in quotes, so that it is one cell. The file was probably saved "
           "from a spreadsheet that had everything in column A: open the original file, let the "
           "spreadsheet split it into columns, and save it as CSV again.";
  }
  if (!DelimiterNamed({&separator, 1})) return "";
  const std::string name = separator == ' ' ? "a space" : Described(separator);
  return "the header is one cell when it is split at " + Described(dialect.delimiter) +
         ". Its columns seem to be separated by " + name + ": say --delimiter " +
         FlagValue(separator);
}

std::string OtherEncodings() {
  return "--encoding windows-1252 reads what Windows programs write in western Europe, "
         "windows-1250 in central Europe, windows-1251 in Cyrillic, macintosh what old Mac "
         "programs do. Better: save the file as CSV UTF-8.";
}

std::string AdviceOnEncoding(const CsvRecord& header, const TextEncoding& encoding) {
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string& cell = header.cells[i];
    const std::size_t place = ValidUtf8Prefix(cell);
    if (place == cell.size()) continue;
    const std::string where = CellName(i) + " of the header is not in " + encoding.name();
    if (!encoding.is_utf8()) return where + ". Is the file in another encoding?";
    return where + ": its byte " + std::to_string(place + 1) + " is " + ByteText(cell[place]) +
           ". " + OtherEncodings();
  }
  return "";
}

std::string AdviceOnLine(const CsvRecord& header, CsvReader& reader) {
  const int meant = std::max(ColumnsMeant(header.cells), 1);
  CsvRecord record;
  for (int i = 0; i < lines_below_max; ++i) {
    const auto more = reader.Next(record);
    if (!more.ok() || !*more) return "";
    if (ColumnsMeant(record.cells) <= meant) continue;
    return "line " + std::to_string(record.line) +
           " looks like the header: delete the lines above it, so that the file begins with it.";
  }
  return "";
}

}  // namespace provisioning
