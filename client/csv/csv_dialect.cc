// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_dialect.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "client/csv/file_kind.h"
#include "service/model/field_issue.h"

namespace provisioning {
namespace {

// A header is far shorter; what follows does not say more.
constexpr std::size_t beginning_bytes = 64 << 10;
// A title may stand above the header, which is refused later, with advice.
constexpr int header_lines_max = 20;

constexpr char line_ends[] = "\r\n";

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

// What the byte order mark says, if there is one.
std::optional<TextEncoding> MarkedEncoding(std::string_view beginning) {
  for (const TextEncoding& encoding :
       {TextEncoding(), TextEncoding::Utf16(false), TextEncoding::Utf16(true)}) {
    if (beginning.starts_with(encoding.byte_order_mark())) return encoding;
  }
  return std::nullopt;
}

bool Same(const TextEncoding& a, const TextEncoding& b) {
  return a.name() == b.name() && a.big_endian() == b.big_endian();
}

absl::StatusOr<TextEncoding> EncodingOf(std::string_view beginning, const std::string& chosen) {
  const std::optional<TextEncoding> marked = MarkedEncoding(beginning);
  if (chosen.empty()) return marked.value_or(TextEncoding());
  const bool any_utf16 = CanonicalEncodingName(chosen) == "utf-16";
  if (any_utf16 && !marked) {
    return absl::InvalidArgumentError(
        "there is no byte order mark at its beginning: say --encoding utf-16le (of Windows) or "
        "--encoding utf-16be");
  }
  if (any_utf16 && marked->is_utf16()) return *marked;
  auto named = any_utf16 ? TextEncoding::Utf16(false) : TextEncoding::Named(chosen);
  if (!named.ok() || !marked || Same(*named, *marked)) return named;
  return absl::InvalidArgumentError("it begins with the byte order mark of " + marked->name() +
                                    ", and --encoding says " + chosen + ": leave --encoding out");
}

std::string Decoded(const TextEncoding& encoding, std::string_view bytes) {
  std::string text(TextEncoding::growth_max * bytes.size(), 0);
  text.resize(encoding.Decode(bytes, false, text).bytes_written);
  return text;
}

std::string_view LineOf(std::string_view text) {
  return text.substr(0, text.find_first_of(line_ends));
}

// The delimiter of a `sep=;` line, as Excel takes and writes it; also in quotes,
// and with the empty cells that another spreadsheet adds.
std::optional<char> SepLine(std::string_view line) {
  if (line.starts_with('"') && line.size() >= 7 && line[6] == '"') line = line.substr(1, 5);
  constexpr std::string_view sep = "sep=";
  const bool is_sep = line.size() > sep.size() &&
                      std::ranges::equal(line.substr(0, sep.size()), sep, {},
                                         [](unsigned char c) { return std::tolower(c); });
  if (!is_sep) return std::nullopt;
  const char delimiter = line[sep.size()];
  if (line.find_first_not_of(delimiter, sep.size()) != std::string_view::npos) return std::nullopt;
  return DelimiterNamed({&delimiter, 1});
}

std::int64_t NamedColumns(std::string_view line) {
  std::string lower(line);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  std::int64_t count = 0;
  for (int i = 0; i < column_count; ++i) {
    if (lower.find(ColumnName(static_cast<Column>(i))) != std::string::npos) ++count;
  }
  return count;
}

// The first line, unless it names no column and another one below it does.
std::string_view HeaderLine(std::string_view text) {
  std::string_view first;
  for (int i = 0; i < header_lines_max; ++i) {
    text.remove_prefix(std::min(text.find_first_not_of(line_ends), text.size()));
    const std::string_view line = LineOf(text);
    if (i == 0) first = line;
    if (NamedColumns(line) >= (i == 0 ? 1 : 3)) return line;
    text.remove_prefix(line.size());
  }
  return first;
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
  for (const char candidate : {';', '\t', '|'}) {
    if (CountOutsideQuotes(line, candidate) > CountOutsideQuotes(line, best)) best = candidate;
  }
  return best;
}

}  // namespace

absl::StatusOr<CsvDialect> DetectDialect(const ByteSource& source, const CsvDialectChoice& choice) {
  const auto beginning = ReadBeginning(source);
  if (!beginning.ok()) return beginning.status();
  if (const std::string refusal = WhyNotText(*beginning); !refusal.empty()) {
    return absl::InvalidArgumentError(refusal);
  }
  auto encoding = EncodingOf(*beginning, choice.encoding);
  if (!encoding.ok()) return encoding.status();
  CsvDialect dialect;
  dialect.encoding = *std::move(encoding);
  const std::string_view mark = dialect.encoding.byte_order_mark();
  const bool marked = !mark.empty() && beginning->starts_with(mark);
  const std::size_t mark_bytes = marked ? mark.size() : 0;
  dialect.byte_order_mark = marked || !dialect.encoding.is_utf8();
  const std::string text =
      Decoded(dialect.encoding, std::string_view(*beginning).substr(mark_bytes));
  if (const std::string refusal = WhyNotCsv(text); !refusal.empty()) {
    return absl::InvalidArgumentError(refusal);
  }
  std::string_view rest = text;
  const std::string_view line = LineOf(rest);
  const std::optional<char> sep = SepLine(line);
  if (sep) {
    const std::size_t line_end = rest.substr(line.size()).starts_with("\r\n") ? 2 : 1;
    rest.remove_prefix(std::min(rest.size(), line.size() + line_end));
    dialect.header_line = 2;
  }
  const std::size_t before =
      dialect.encoding.SourceBytes(std::string_view(text).substr(0, text.size() - rest.size()));
  dialect.header_offset = static_cast<std::int64_t>(mark_bytes + before);
  dialect.delimiter = choice.delimiter ? *choice.delimiter
                      : sep            ? *sep
                                       : CommonestDelimiter(HeaderLine(rest));
  return dialect;
}

std::string DelimiterName(char delimiter) {
  if (delimiter == ';') return "semicolon";
  if (delimiter == '\t') return "TAB";
  if (delimiter == ',') return "comma";
  if (delimiter == '|') return "pipe";
  return std::string(1, delimiter);
}

std::optional<char> DelimiterNamed(std::string_view name) {
  if (name == "comma") return ',';
  if (name == "semicolon") return ';';
  if (name == "tab" || name == "\\t") return '\t';
  if (name == "pipe") return '|';
  if (name.size() != 1) return std::nullopt;
  const char c = name.front();
  // What stands in cells, and what has another meaning.
  const bool other = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '"' || c == '@' ||
                     c == '_' || c == '.' || c == '-';
  const bool visible = c == '\t' || c == ' ' || std::isgraph(static_cast<unsigned char>(c)) != 0;
  if (!visible || other) return std::nullopt;
  return c;
}

}  // namespace provisioning
