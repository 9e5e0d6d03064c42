// SPDX-License-Identifier: Apache-2.0
#include "client/csv/csv_reader.h"

#include <string.h>

#include <algorithm>
#include <string_view>

namespace provisioning {
namespace {

constexpr std::size_t read_bytes = 256 << 10;
constexpr int end_of_file = -1;

bool IsBlankCell(const std::string& cell) {
  return cell.find_first_not_of(" \t\r\n\f\v") == std::string::npos;
}

FieldIssue Problem(const CsvRecord& record, FieldIssueCode code, std::string_view message) {
  FieldIssue problem;
  problem.field = "cell " + std::to_string(record.cells.size());
  problem.code = code;
  problem.message = message;
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
      buffer_(read_bytes),
      base_(dialect.header_offset),
      line_(dialect.header_line) {}

CsvReader::~CsvReader() { explicit_bzero(buffer_.data(), buffer_.size()); }

absl::StatusOr<bool> CsvReader::Next(CsvRecord& record) {
  record.cells.clear();
  record.problem.reset();
  record.line = line_;
  record.begin = offset();
  record.terminated = false;
  if (Peek() == end_of_file) {
    if (!status_.ok()) return status_;
    return false;
  }
  CellEnd end = CellEnd::kDelimiter;
  while (end == CellEnd::kDelimiter) end = ReadCell(record);
  if (!status_.ok()) return status_;
  record.end = offset();
  if (end == CellEnd::kLineEnd) record.terminated = true;
  return true;
}

CsvReader::CellEnd CsvReader::ReadCell(CsvRecord& record) {
  std::string& cell = record.cells.emplace_back();
  if (Peek() != '"') return ReadPlainCell(record, cell);
  return ReadQuotedCell(record, cell);
}

CsvReader::CellEnd CsvReader::ReadPlainCell(CsvRecord& record, std::string& cell) {
  for (int c = Peek(); c != end_of_file; c = Peek()) {
    if (c == static_cast<unsigned char>(dialect_.delimiter) || c == '\n' || c == '\r') break;
    cell += static_cast<char>(Take());
    if (TooLarge(record, cell)) {
      return GiveUp(record, FieldIssueCode::kRecordTooLarge,
                    "The record is too large to be a row of a spreadsheet.");
    }
  }
  return EndOfCell();
}

CsvReader::CellEnd CsvReader::ReadQuotedCell(CsvRecord& record, std::string& cell) {
  OpenQuote quote{.line = line_};
  Take();
  while (true) {
    const int c = Peek();
    if (c == end_of_file || cell.size() > options_.cell_bytes_max) {
      return GiveUpQuote(record, quote);
    }
    if (TooLarge(record, cell)) {
      return GiveUp(record, FieldIssueCode::kRecordTooLarge,
                    "The record is too large to be a row of a spreadsheet.");
    }
    if (c == '\n' || c == '\r') {
      const std::int64_t begin = offset();
      TakeLineEnd();
      cell += offset() - begin == 2 ? "\r\n" : std::string(1, static_cast<char>(c));
      if (quote.next_line_offset < 0) quote.next_line_offset = offset();
      continue;
    }
    Take();
    if (c == '"') {
      if (Peek() != '"') return AfterClosingQuote(record, quote);
      Take();
    }
    cell += static_cast<char>(c);
  }
}

CsvReader::CellEnd CsvReader::AfterClosingQuote(CsvRecord& record, const OpenQuote& quote) {
  while (Peek() == ' ') Take();
  const int c = Peek();
  const bool ends = c == end_of_file || c == '\n' || c == '\r' ||
                    c == static_cast<unsigned char>(dialect_.delimiter);
  if (ends) return EndOfCell();
  // On a later line, this quote was meant to open a cell, and the one before
  // was never closed.
  if (line_ != quote.line) return GiveUpQuote(record, quote);
  return GiveUp(record, FieldIssueCode::kTextAfterQuote,
                "Text follows the quote that closes a cell. A quote inside a cell is written "
                "twice.");
}

CsvReader::CellEnd CsvReader::EndOfCell() {
  if (Peek() == end_of_file) return CellEnd::kFileEnd;
  if (TakeLineEnd()) return CellEnd::kLineEnd;
  Take();
  return CellEnd::kDelimiter;
}

bool CsvReader::TooLarge(const CsvRecord& record, const std::string& cell) const {
  return cell.size() > options_.cell_bytes_max ||
         offset() - record.begin > static_cast<std::int64_t>(options_.record_bytes_max);
}

CsvReader::CellEnd CsvReader::GiveUp(CsvRecord& record, FieldIssueCode code,
                                     std::string_view message) {
  record.problem = Problem(record, code, message);
  SkipLine();
  return CellEnd::kProblem;
}

CsvReader::CellEnd CsvReader::GiveUpQuote(CsvRecord& record, const OpenQuote& quote) {
  record.problem = Problem(
      record, FieldIssueCode::kUnclosedQuote,
      "A quote opens a cell on line " + std::to_string(quote.line) + " and is never closed.");
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

bool CsvReader::Fill() {
  Seek(offset());
  const auto count = source_.ReadAt(base_, buffer_);
  if (!count.ok()) {
    status_ = count.status();
    return false;
  }
  filled_ = *count;
  return filled_ != 0;
}

void CsvReader::Seek(std::int64_t offset) {
  base_ = offset;
  position_ = 0;
  filled_ = 0;
}

bool CsvReader::TakeLineEnd() {
  const int c = Peek();
  if (c != '\n' && c != '\r') return false;
  Take();
  if (c == '\r' && Peek() == '\n') Take();
  ++line_;
  return true;
}

void CsvReader::SkipLine() {
  for (int c = Peek(); c != end_of_file && !TakeLineEnd(); c = Peek()) Take();
}

}  // namespace provisioning
