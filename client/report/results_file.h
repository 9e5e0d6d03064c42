// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/csv/csv_dialect.h"
#include "client/csv/row_source.h"
#include "client/report/row_file.h"
#include "provisioning/v1/client_row.pb.h"
#include "service/model/row_result.h"

namespace provisioning {

// Row numbers as ranges, written "3-7, 12".
class RowRanges {
 public:
  // Rising numbers.
  void Add(std::int64_t row_number);
  bool empty() const { return ranges_.empty(); }
  std::int64_t count() const { return count_; }
  // At most `ranges_max` of them, then "and N more".
  std::string ToString(std::size_t ranges_max) const;

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges_;
  std::int64_t count_ = 0;
};

// The results of an import, one line per row, in row order: what a mail merge
// starts from, and the journal that says where to go on. The only place, beside
// --json, where generated passwords are written.
class ResultsFile {
 public:
  // What a cut at a row took away.
  struct Dropped {
    std::int64_t rows = 0;
    RowRanges passwords;  // Rows that had a generated password.
  };

  // As RowFile::Create and RowFile::Reopen.
  static absl::StatusOr<std::unique_ptr<ResultsFile>> Create(const std::string& path,
                                                             const CsvDialect& dialect);
  static absl::StatusOr<std::unique_ptr<ResultsFile>> Reopen(const std::string& path,
                                                             const CsvDialect& dialect = {});

  // Buffered, see RowFile.
  void Append(const v1::RowResult& result, const ClientRow& row);
  bool WantsFlush() const { return file_->WantsFlush(); }
  absl::Status Flush() { return file_->Flush(); }
  absl::Status Sync() { return file_->Sync(); }
  // The last row whose result still holds when the store was set back to a time
  // at which `row_number` was its last one. Lower than that if a password was
  // made anew, for a lost answer, about then or later: the store may have the one
  // before again.
  absl::StatusOr<std::int64_t> SureThrough(std::int64_t row_number);
  // Forgets the rows above `row_number`.
  absl::StatusOr<Dropped> DropAfter(std::int64_t row_number);
  // Shows the number and the outcome's name of each line.
  absl::Status ForEach(
      const std::function<void(std::int64_t row_number, const std::string& outcome)>& visit);

  // Over the whole file, whoever wrote it.
  const OutcomeCounts& counts() const { return counts_; }
  std::int64_t generated_passwords() const { return generated_passwords_; }
  // Rows whose temporary password, given or generated, ends some day.
  std::int64_t temporary_passwords() const { return temporary_passwords_; }
  // When the first of the temporary passwords ends; InfiniteFuture: there is none.
  absl::Time first_password_expiry() const { return first_password_expiry_; }
  // 0: none.
  std::int64_t last_row_number() const { return last_row_number_; }
  const std::string& path() const { return file_->path(); }

 private:
  ResultsFile() = default;

  void CountExpiry(const std::string& time);
  void Count(std::int64_t row_number, const std::vector<std::string>& cells);

  std::unique_ptr<RowFile> file_;
  OutcomeCounts counts_;
  std::int64_t generated_passwords_ = 0;
  std::int64_t temporary_passwords_ = 0;
  absl::Time first_password_expiry_ = absl::InfiniteFuture();
  std::int64_t last_row_number_ = 0;
};

}  // namespace provisioning
