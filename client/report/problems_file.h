// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "client/csv/csv_dialect.h"
#include "client/report/row_file.h"
#include "provisioning/v1/client_row.pb.h"

namespace provisioning {

// One line per violation and warning: where it is, whether it stops the row,
// what it is, what to write instead. Made with the first of them, so that a
// clean file gets none.
class ProblemsFile {
 public:
  ProblemsFile(std::string path, const CsvDialect& dialect)
      : path_(std::move(path)), dialect_(dialect) {}

  // Takes away what an earlier check of the file has left at `path`: each check
  // tells all problems anew. ALREADY_EXISTS: something else is there.
  static absl::Status RemoveEarlier(const std::string& path, const CsvDialect& dialect);

  // Adds what `result` has to say about the record on `line` of the source.
  absl::Status Append(const v1::RowResult& result, std::int64_t line);
  // Forgets the rows above `row_number`; of a file of an earlier run as well.
  absl::Status DropAfter(std::int64_t row_number);
  // Takes the file away again, if there is one.
  absl::Status Discard();
  absl::Status Flush();
  absl::Status Sync();

  bool exists() const { return file_ != nullptr; }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  const CsvDialect dialect_;
  std::unique_ptr<RowFile> file_;
};

}  // namespace provisioning
