// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "client/csv/byte_source.h"
#include "client/csv/csv_dialect.h"
#include "client/csv/csv_reader.h"
#include "client/csv/header.h"
#include "service/model/client_row.h"
#include "service/model/field_issue.h"
#include "service/rules/row_rules.h"

namespace provisioning {

// A record of the file as a row of the import.
struct SourceRow {
  ClientRow row;
  std::int64_t line = 0;
  std::int64_t begin = 0;  // Its bytes in the file.
  std::int64_t end = 0;
  // What makes it unfit to be sent at all; such a row is REJECTED here. Its
  // cells are what could be read.
  std::vector<FieldIssue> problems;
};

// The rows of a CSV file, in order, as often as needed. A row's number is its
// record's number in the file: the header is not counted, blank records are.
// One thread.
class RowSource {
 public:
  // Reads the header. INVALID_ARGUMENT: it does not fit. UNAVAILABLE: the file
  // cannot be read. `bytes` and `rules` outlive the source.
  static absl::StatusOr<RowSource> Open(const ByteSource& bytes, const CsvDialect& dialect,
                                        const RowRules& rules, PasswordNeed need);

  // False: that was the last row. UNAVAILABLE: the file cannot be read.
  // DATA_LOSS: somebody has changed it meanwhile.
  absl::StatusOr<bool> Next(SourceRow& row);
  // The next row is the first one again. Fails as Next does.
  absl::Status Rewind();

  const ColumnPlaces& columns() const { return columns_; }
  // The header's bytes, [0, header_end()), whatever stands before it included.
  std::int64_t header_end() const { return header_end_; }
  // Rows since the beginning that have bytes in them that are no characters of
  // the file's encoding: many of them are a file in another one.
  std::int64_t undecodable_rows() const { return undecodable_rows_; }

 private:
  RowSource(const ByteSource& bytes, const CsvDialect& dialect, const RowRules& rules,
            PasswordNeed need)
      : bytes_(&bytes), dialect_(dialect), rules_(&rules), need_(need) {}

  absl::Status ReadHeader();
  // What to say of a header that does not fit.
  absl::Status HeaderError(const absl::Status& mismatch);
  void Convert(SourceRow& row);
  // Says where in the file a violation is, and what may be the cause.
  void ExplainBytes(FieldIssue& problem) const;

  const ByteSource* bytes_;
  CsvDialect dialect_;
  const RowRules* rules_;
  PasswordNeed need_;
  std::unique_ptr<CsvReader> reader_;
  CsvRecord record_;
  ColumnPlaces columns_;
  std::int64_t header_end_ = 0;
  std::int64_t record_number_ = 0;
  std::int64_t undecodable_rows_ = 0;
};

}  // namespace provisioning
