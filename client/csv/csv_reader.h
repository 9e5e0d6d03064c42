// SPDX-License-Identifier: Apache-2.0
// Reads CSV (RFC 4180) as spreadsheets really write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"
#include "client/csv/csv_dialect.h"
#include "service/model/field_issue.h"

namespace provisioning {

// One record, at most a few lines of the file.
struct CsvRecord {
  std::vector<std::string> cells;
  std::int64_t line = 0;   // The physical line that it begins on, from 1.
  std::int64_t begin = 0;  // Its bytes in the file, [begin, end), its line end included.
  std::int64_t end = 0;
  bool terminated = false;  // It is closed by a line end.
  // The record cannot be read; `cells` then has what stood before that.
  std::optional<FieldIssue> problem;

  // Nothing but white space in it: a line that a spreadsheet left behind.
  bool blank() const;
};

// Takes CRLF, LF and CR, also mixed, and line ends inside quotes. A quote that
// is not the first character of a cell stands for itself. One record that
// cannot be read does not spoil the next: reading goes on at the next line,
// which for a quote that is never closed is the line after the opening one.
//
// A cell above its limit is left out, and the rest of its record is still read,
// so that people recognize it. Memory is bounded by the limits, whatever the
// file. One thread.
class CsvReader {
 public:
  struct Options {
    std::size_t cell_bytes_max = 64 << 10;  // In UTF-8, as all that is kept.
    std::size_t record_bytes_max = 1 << 20;
    std::size_t cells_max = 16 << 10;  // As many as Excel has columns.
    // False: a quote that is never closed takes the rest of the file with it.
    // For files of our own, where it can only be a torn end.
    bool resume_after_open_quote = true;
  };

  // `source` outlives the reader. Starts at the header.
  CsvReader(const ByteSource& source, const CsvDialect& dialect);
  CsvReader(const ByteSource& source, const CsvDialect& dialect, const Options& options);
  ~CsvReader();

  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // False: there is no further record. UNAVAILABLE: the file cannot be read.
  absl::StatusOr<bool> Next(CsvRecord& record);

 private:
  enum class CellEnd { kDelimiter, kLineEnd, kFileEnd, kProblem };
  // An opened quote, to find back to.
  struct OpenQuote {
    std::int64_t line = 0;
    std::int64_t next_line_offset = -1;  // -1: no line end since.
  };

  // The next byte without taking it; -1: the end, or a failure in status_.
  int Peek();
  int Take();
  bool Fill();
  absl::StatusOr<std::size_t> ReadSource();
  void Seek(std::int64_t offset);
  // Where buffer_[position_] stands in the file.
  std::int64_t Offset();
  // Takes CRLF, LF or CR, if one is next; into `cell`, if there is one.
  bool TakeLineEnd(std::string* cell = nullptr);
  void SkipLine();
  // The bytes up to the next one that means something, without taking them.
  std::string_view PeekText(bool in_quotes);
  bool EndsCell(int c) const;

  CellEnd ReadCell(CsvRecord& record);
  CellEnd ReadPlainCell(CsvRecord& record, std::string& cell);
  CellEnd ReadQuotedCell(CsvRecord& record, std::string& cell);
  CellEnd AfterClosingQuote(CsvRecord& record, const OpenQuote& quote);
  CellEnd EndOfCell();
  bool RecordTooLarge(const CsvRecord& record) const;
  CellEnd GiveUpRecord(CsvRecord& record);
  CellEnd GiveUpQuote(CsvRecord& record, const OpenQuote& quote);

  const ByteSource& source_;
  const CsvDialect dialect_;
  const Options options_;
  std::string buffer_;  // UTF-8, whatever the file is in.
  std::string raw_;     // What stands in the file; unused if that is UTF-8.
  std::size_t position_ = 0;
  std::size_t filled_ = 0;
  // The offset of buffer_[anchor_]; Offset() moves both.
  std::int64_t base_ = 0;
  std::size_t anchor_ = 0;
  std::int64_t line_ = 1;
  std::size_t record_bytes_ = 0;  // Kept of this record.
  absl::Status status_;
};

}  // namespace provisioning
