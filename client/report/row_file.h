// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/csv/csv_dialect.h"
#include "client/csv/csv_reader.h"

namespace provisioning {

// A CSV file that grows with an import: a header whose first column is
// row_number, then records in row order. It is only ever appended to or cut at
// its end, so that what is in it survives whatever ends the process.
//
// Files are made with O_EXCL and mode 0600, and locked as long as they are open
// (flock; where the file system has no such locks, they are not). A file that
// somebody deletes meanwhile is put back. One thread.
class RowFile {
 public:
  // Sees each record with its row number.
  using Visitor =
      std::function<void(std::int64_t row_number, const std::vector<std::string>& cells)>;

  // ALREADY_EXISTS: nothing is overwritten. FAILED_PRECONDITION: another process
  // has it open. UNAVAILABLE: it cannot be made.
  static absl::StatusOr<std::unique_ptr<RowFile>> Create(const std::string& path,
                                                         const CsvDialect& dialect,
                                                         std::span<const std::string_view> columns);
  // Goes on with a file that Create made with these arguments, or that was saved
  // in another dialect since: drops a last record that no line end closes, a
  // header included, and shows the others to `visitor`. NOT_FOUND, UNAVAILABLE,
  // FAILED_PRECONDITION as Create; INVALID_ARGUMENT: it is no such file.
  static absl::StatusOr<std::unique_ptr<RowFile>> Reopen(const std::string& path,
                                                         std::span<const std::string_view> columns,
                                                         const Visitor& visitor,
                                                         const CsvDialect& dialect = {});
  // Writes what is buffered, but puts no deleted file back.
  ~RowFile();

  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  // Buffered, for as long as the caller likes; Flush() hands it to the operating
  // system.
  void Append(std::span<const std::string> cells);
  // There is as much as should be buffered.
  bool WantsFlush() const;
  absl::Status Flush();
  // Flush, and wait until it is on the disk.
  absl::Status Sync();
  // Cuts the file behind the last record of a row up to `row_number`. Shows what
  // stays to `kept` and what goes to `dropped`; either may be null.
  absl::Status DropAfter(std::int64_t row_number, const Visitor& kept, const Visitor& dropped);
  // Shows all records. UNAVAILABLE, INVALID_ARGUMENT as Reopen.
  absl::Status ForEach(const Visitor& visitor);

  const std::string& path() const { return path_; }

 private:
  RowFile(std::string path, int descriptor, char delimiter)
      : path_(std::move(path)), descriptor_(descriptor), delimiter_(delimiter) {}

  absl::Status Failure(int error) const;
  absl::Status CutAt(std::int64_t offset);
  // Shows the complete records, and first says where the header ends.
  absl::Status WalkRecords(
      const std::function<void(std::int64_t row_number, const CsvRecord& record)>& visit,
      std::int64_t& header_end) const;
  absl::Status WriteBuffer();
  // Writes everything into a new file at path_, and goes on with that.
  absl::Status PutBack();

  const std::string path_;
  const int descriptor_;
  const char delimiter_;
  std::string buffer_;
};

}  // namespace provisioning
