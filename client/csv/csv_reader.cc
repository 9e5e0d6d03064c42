// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_reader.h"

#include <string.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "client/csv/cell_name.h"

namespace provisioning {
namespace {

constexpr std::size_t read_bytes = 256 << 10;
constexpr int end_of_file = -1;

bool IsBlankCell(const std::string& cell) {
  return cell.find_first_not_of(" \t\r\n\f\v") == std::string::npos;
}

std::string KibibytesText(std::size_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + " bytes" : std::to_string(bytes >> 10) + " KiB";
}

// About the cell that was read last.
FieldIssue Problem(const CsvRecord& record, FieldIssueCode code, std::string_view message) {
  std::string name = CellName(record.cells.size() - 1);
  FieldIssue problem;
  problem.field = "cell " + std::to_string(record.cells.size());
  problem.code = code;
  name.front() = 'C';
  problem.message = name + ": " + std::string(message);
  return problem;
}

}  // namespace

bool CsvRecord::blank() const { return !problem && std::ranges::all_of(cells, IsBlankCell); }

CsvReader::CsvReader(const ByteSource& source, const CsvDialect& dialect)
    : CsvReader(source, dialect, Options()) {}

CsvReader::CsvReader(const ByteSource& source, const CsvDialect& dialect, const Options& options)
    : source_(source),
      dialect_(dialect),
      options_(options),
      buffer_(read_bytes, 0),
      raw_(dialect.encoding.is_utf8() ? 0 : read_bytes / TextEncoding::growth_max, 0),
      base_(dialect.header_offset),
      line_(dialect.header_line) {}

CsvReader::~CsvReader() {
  explicit_bzero(buffer_.data(), buffer_.size());
  explicit_bzero(raw_.data(), raw_.size());
}

absl::StatusOr<bool> CsvReader::Next(CsvRecord& record) {
  record.cells.clear();
  record.problem.reset();
  record.line = line_;
  record.begin = Offset();
  record.terminated = false;
  record_bytes_ = 0;
  if (Peek() == end_of_file) {
    if (!status_.ok()) return status_;
    return false;
  }
  CellEnd end = CellEnd::kDelimiter;
  while (end == CellEnd::kDelimiter) end = ReadCell(record);
  if (!status_.ok()) return status_;
  record.end = Offset();
  if (end == CellEnd::kLineEnd) record.terminated = true;
  return true;
}

CsvReader::CellEnd CsvReader::ReadCell(CsvRecord& record) {
  std::string& cell = record.cells.emplace_back();
  if (record.cells.size() > options_.cells_max) return GiveUpRecord(record);
  if (Peek() != '"') return ReadPlainCell(record, cell);
  return ReadQuotedCell(record, cell);
}

CsvReader::CellEnd CsvReader::ReadPlainCell(CsvRecord& record, std::string& cell) {
  bool dropped = false;
  while (Peek() != end_of_file && !EndsCell(Peek())) {
    const std::string_view text = PeekText(false);
    position_ += text.size();
    if (cell.size() + text.size() <= options_.cell_bytes_max && !dropped) {
      cell += text;
      record_bytes_ += text.size();
      if (RecordTooLarge(record)) return GiveUpRecord(record);
      continue;
    }
    dropped = true;
    explicit_bzero(cell.data(), cell.size());
    cell.clear();
    if (record.problem) continue;
    record.problem =
        Problem(record, FieldIssueCode::kRecordTooLarge,
                "there is more in this cell than the " + KibibytesText(options_.cell_bytes_max) +
                    " that a cell may have. Probably something else was pasted into it, or line "
                    "ends are missing: look at the cell and shorten it.");
  }
  ++record_bytes_;  // The delimiter: a record of empty cells has its limit too.
  return EndOfCell();
}

CsvReader::CellEnd CsvReader::ReadQuotedCell(CsvRecord& record, std::string& cell) {
  OpenQuote quote{.line = line_};
  Take();
  while (true) {
    const std::string_view text = PeekText(true);
    position_ += text.size();
    cell += text;
    record_bytes_ += text.size();
    const int c = Peek();
    if (c == end_of_file || cell.size() > options_.cell_bytes_max) {
      return GiveUpQuote(record, quote);
    }
    if (RecordTooLarge(record)) return GiveUpRecord(record);
    if (c == '\n' || c == '\r') {
      TakeLineEnd(&cell);
      if (quote.next_line_offset < 0) quote.next_line_offset = Offset();
    } else if (c == '"') {
      Take();
      if (Peek() != '"') return AfterClosingQuote(record, quote);
      cell += static_cast<char>(Take());
    }
  }
}

CsvReader::CellEnd CsvReader::AfterClosingQuote(CsvRecord& record, const OpenQuote& quote) {
  while (Peek() == ' ' && dialect_.delimiter != ' ') Take();
  if (Peek() == end_of_file || EndsCell(Peek())) return EndOfCell();
  // On a later line, this quote was meant to open a cell, and the one before
  // was never closed.
  if (line_ != quote.line) return GiveUpQuote(record, quote);
  record.problem = Problem(record, FieldIssueCode::kTextAfterQuote,
                           "text follows the quote that closes the cell. Write a quote inside a "
                           "cell twice, and the whole cell in quotes.");
  SkipLine();
  return CellEnd::kProblem;
}

CsvReader::CellEnd CsvReader::EndOfCell() {
  if (Peek() == end_of_file) return CellEnd::kFileEnd;
  if (TakeLineEnd()) return CellEnd::kLineEnd;
  Take();
  return CellEnd::kDelimiter;
}

bool CsvReader::EndsCell(int c) const {
  return c == static_cast<unsigned char>(dialect_.delimiter) || c == '\n' || c == '\r';
}

bool CsvReader::RecordTooLarge(const CsvRecord& record) const {
  return record_bytes_ > options_.record_bytes_max || record.cells.size() > options_.cells_max;
}

CsvReader::CellEnd CsvReader::GiveUpRecord(CsvRecord& record) {
  record.problem = Problem(record, FieldIssueCode::kRecordTooLarge,
                           "the record is too large: it may have at most " +
                               KibibytesText(options_.record_bytes_max) + " and " +
                               std::to_string(options_.cells_max) +
                               " cells. Probably line ends are missing, or something else was "
                               "pasted in: look at the line and mend it.");
  SkipLine();
  return CellEnd::kProblem;
}

CsvReader::CellEnd CsvReader::GiveUpQuote(CsvRecord& record, const OpenQuote& quote) {
  record.problem = Problem(
      record, FieldIssueCode::kUnclosedQuote,
      "a quote opens the cell on line " + std::to_string(quote.line) +
          " and is not closed (a cell may have at most " + KibibytesText(options_.cell_bytes_max) +
          "). Close it, or, if the quote belongs to the text, write it twice and the whole "
          "cell in quotes.");
  if (!options_.resume_after_open_quote) {
    while (Take() != end_of_file) {
    }
  } else if (quote.next_line_offset >= 0) {
    Seek(quote.next_line_offset);
    line_ = quote.line + 1;
  } else {
    SkipLine();
  }
  return CellEnd::kProblem;
}

int CsvReader::Peek() {
  if (position_ == filled_ && !Fill()) return end_of_file;
  return static_cast<unsigned char>(buffer_[position_]);
}

int CsvReader::Take() {
  const int c = Peek();
  if (c != end_of_file) ++position_;
  return c;
}

std::string_view CsvReader::PeekText(bool in_quotes) {
  if (Peek() == end_of_file) return "";
  const std::string_view rest = std::string_view(buffer_).substr(position_, filled_ - position_);
  const char stop = in_quotes ? '"' : dialect_.delimiter;
  const auto* end =
      std::ranges::find_if(rest, [stop](char c) { return c == stop || c == '\n' || c == '\r'; });
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

bool CsvReader::Fill() {
  base_ = Offset();
  anchor_ = 0;
  position_ = 0;
  filled_ = 0;
  const auto count = ReadSource();
  if (!count.ok()) {
    status_ = count.status();
    return false;
  }
  filled_ = *count;
  return filled_ != 0;
}

absl::StatusOr<std::size_t> CsvReader::ReadSource() {
  if (dialect_.encoding.is_utf8()) return source_.ReadAt(base_, buffer_);
  std::size_t filled = 0;
  while (filled < raw_.size()) {
    const auto count = source_.ReadAt(base_ + static_cast<std::int64_t>(filled),
                                      std::span<char>(raw_).subspan(filled));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    filled += *count;
  }
  const std::string_view read = std::string_view(raw_).substr(0, filled);
  return dialect_.encoding.Decode(read, filled < raw_.size(), buffer_).bytes_written;
}

std::int64_t CsvReader::Offset() {
  const std::string_view passed = std::string_view(buffer_).substr(anchor_, position_ - anchor_);
  base_ += static_cast<std::int64_t>(dialect_.encoding.SourceBytes(passed));
  anchor_ = position_;
  return base_;
}

void CsvReader::Seek(std::int64_t offset) {
  // A quote that is never closed mostly leads back to what is still here.
  const std::int64_t back = Offset() - offset;
  if (dialect_.encoding.is_utf8() && back >= 0 && back <= static_cast<std::int64_t>(position_)) {
    position_ -= static_cast<std::size_t>(back);
  } else {
    position_ = 0;
    filled_ = 0;
  }
  anchor_ = position_;
  base_ = offset;
}

bool CsvReader::TakeLineEnd(std::string* cell) {
  const int c = Peek();
  if (c != '\n' && c != '\r') return false;
  Take();
  const bool two = c == '\r' && Peek() == '\n';
  if (two) Take();
  if (cell != nullptr) *cell += two ? "\r\n" : c == '\r' ? "\r" : "\n";
  ++line_;
  return true;
}

void CsvReader::SkipLine() {
  while (Peek() != end_of_file && !TakeLineEnd()) {
    const std::string_view text = PeekText(false);
    position_ += std::max<std::size_t>(text.size(), 1);
  }
}

}  // namespace provisioning
